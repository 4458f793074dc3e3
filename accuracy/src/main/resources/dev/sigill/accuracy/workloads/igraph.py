import igraph

g = igraph.Graph.Barabasi(80, 3)
g.betweenness(), g.community_multilevel(), g.layout("fr"), g.pagerank(), g.shortest_paths() if hasattr(g, "shortest_paths") else g.distances(), g.eigenvector_centrality(), g.maxflow(0, 9).value
