import parasail

for name in ("nw_striped_16", "sw_striped_8", "sg_scan_16", "sw_trace_striped_16", "nw_diag_32", "sw_stats_striped_16"):
    getattr(parasail, name)("ACGTACGTTAGC" * 9, "ACGTTCGTAGC" * 9, 10, 1, parasail.dnafull).score
