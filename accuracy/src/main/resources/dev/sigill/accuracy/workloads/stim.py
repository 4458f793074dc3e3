import stim

c = stim.Circuit.generated("surface_code:rotated_memory_x", distance=3, rounds=3, after_clifford_depolarization=0.01)
c.compile_detector_sampler(seed=1).sample(300), c.detector_error_model(), stim.TableauSimulator(seed=1).do(c), stim.Tableau.random(9)
