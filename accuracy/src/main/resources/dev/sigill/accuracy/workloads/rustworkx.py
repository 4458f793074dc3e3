import rustworkx as r

g = r.undirected_gnp_random_graph(80, 0.1, seed=1)
r.betweenness_centrality(g), r.all_pairs_dijkstra_path_lengths(g, lambda _: 1.0), r.minimum_spanning_tree(g), r.spring_layout(g, seed=1), r.pagerank(g.to_directed())
