import tensorflow as tf

x = tf.random.stateless_normal((64, 8), (1, 2))
m = tf.keras.Sequential([tf.keras.layers.Dense(8, activation="relu"), tf.keras.layers.Dense(1)])
m.compile("adam", "mse")
m.fit(x, tf.reduce_sum(x, 1), epochs=1, verbose=0)
tf.nn.conv2d(tf.ones((1, 9, 9, 3)), tf.ones((3, 3, 3, 4)), 1, "SAME"), tf.linalg.svd(tf.ones((5, 5)))
