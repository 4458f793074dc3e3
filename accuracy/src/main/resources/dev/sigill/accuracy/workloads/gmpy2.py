import gmpy2

a = gmpy2.mpz(3) ** 3000
gmpy2.is_prime(2**521 - 1), gmpy2.next_prime(a >> 4000), a * a // (a + 7), gmpy2.gcd(a, 6**900), gmpy2.powmod(3, a, 2**521 - 1), gmpy2.isqrt(a), gmpy2.digits(a, 10), gmpy2.sqrt(gmpy2.mpfr(2)), gmpy2.fac(500)
