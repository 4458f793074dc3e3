import flint

p = flint.fmpz_poly([1, 2, 3]) ** 30
p.factor(), flint.fmpz(2**200 + 1).factor(), flint.fmpz_mat(9, 9, list(range(81))).lll() if hasattr(flint.fmpz_mat, "lll") else None, flint.arb(2).sqrt(), flint.nmod_poly([1, 2, 3], 17) ** 40, flint.fmpq_mat(3, 3, [1, 2, 3, 4, 5, 6, 7, 8, 10]).inv()
