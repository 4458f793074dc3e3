import jax
import jax.numpy as jnp

a = jnp.ones((30, 30))
assert float(jax.jit(lambda x: (x @ x).sum())(a)) == 27000
jax.grad(lambda x: jnp.tanh(x).sum())(a), jnp.linalg.svd(a), jax.lax.conv(jnp.ones((1, 3, 9, 9)), jnp.ones((4, 3, 3, 3)), (1, 1), "SAME")
