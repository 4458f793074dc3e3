package dev.sigill.isa;

import dev.sigill.platform.Architecture;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One optional part of an instruction set, with every spelling it is known by. The constants' ids
 * are the vendors' names: CPUID flags as Linux and Intel write them for x86, {@code FEAT_*} for
 * Arm.
 *
 * <p>Sources: Intel SDM volume 2A, CPUID; AMD APM volume 3, appendix E; Intel "Architecture
 * Instruction Set Extensions" reference 319433; Arm ARM, chapter A2; Linux {@code cpufeatures.h}
 * and {@code elf_hwcaps.rst}; LLVM {@code X86TargetParser.def} and {@code AArch64Features.td}; xnu
 * {@code kern_mib.c} and {@code arm_features.inc}; the x86-64 psABI's micro-architecture levels.
 */
public enum Feature {
  CMOV("cmov", "conditional move", new CpuidBit(1, 0, "EDX", 15), "cmov", "cmov", "", "v1", ""),
  CX8("cx8", "CMPXCHG8B", new CpuidBit(1, 0, "EDX", 8), "cx8", "cx8", "", "v1", ""),
  X87(
      "x87",
      "x87 floating point",
      new CpuidBit(1, 0, "EDX", 0),
      "fpu",
      "x87",
      "hw.optional.floatingpoint",
      "v1",
      ""),
  FXSR("fxsr", "FXSAVE/FXRSTOR", new CpuidBit(1, 0, "EDX", 24), "fxsr", "fxsr", "", "v1", ""),
  MMX("mmx", "MMX", new CpuidBit(1, 0, "EDX", 23), "mmx", "mmx", "hw.optional.mmx", "v1", ""),
  SSE("sse", "SSE", new CpuidBit(1, 0, "EDX", 25), "sse", "sse", "hw.optional.sse", "v1", "mmx"),
  SSE2(
      "sse2",
      "SSE2",
      new CpuidBit(1, 0, "EDX", 26),
      "sse2",
      "sse2",
      "hw.optional.sse2",
      "v1",
      "sse"),
  SSE3(
      "sse3",
      "SSE3",
      new CpuidBit(1, 0, "ECX", 0),
      "pni",
      "sse3",
      "hw.optional.sse3",
      "v2",
      "sse2"),
  SSSE3(
      "ssse3",
      "SSSE3",
      new CpuidBit(1, 0, "ECX", 9),
      "ssse3",
      "ssse3",
      "hw.optional.supplementalsse3",
      "v2",
      "sse3"),
  SSE4_1(
      "sse4_1",
      "SSE4.1",
      new CpuidBit(1, 0, "ECX", 19),
      "sse4_1",
      "sse4.1",
      "hw.optional.sse4_1",
      "v2",
      "ssse3"),
  SSE4_2(
      "sse4_2",
      "SSE4.2",
      new CpuidBit(1, 0, "ECX", 20),
      "sse4_2",
      "sse4.2",
      "hw.optional.sse4_2",
      "v2",
      "sse4_1"),
  POPCNT("popcnt", "POPCNT", new CpuidBit(1, 0, "ECX", 23), "popcnt", "popcnt", "", "v2", ""),
  CX16("cx16", "CMPXCHG16B", new CpuidBit(1, 0, "ECX", 13), "cx16", "cx16", "", "v2", "cx8"),
  LAHF_LM(
      "lahf_lm",
      "LAHF/SAHF in 64-bit mode",
      new CpuidBit(0x80000001, 0, "ECX", 0),
      "lahf_lm",
      "sahf",
      "",
      "v2",
      ""),
  SSE4A("sse4a", "SSE4a", new CpuidBit(0x80000001, 0, "ECX", 6), "sse4a", "sse4a", "", "", "sse3"),
  MMXEXT(
      "mmxext",
      "AMD's extensions to MMX",
      new CpuidBit(0x80000001, 0, "EDX", 22),
      "mmxext",
      "",
      "",
      "",
      "mmx"),
  AMD3DNOW(
      "3dnow", "3DNow!", new CpuidBit(0x80000001, 0, "EDX", 31), "3dnow", "3dnow", "", "", "mmx"),
  AMD3DNOWEXT(
      "3dnowext",
      "3DNow! extensions",
      new CpuidBit(0x80000001, 0, "EDX", 30),
      "3dnowext",
      "3dnowa",
      "",
      "",
      "3dnow"),
  AES("aes", "AES-NI", new CpuidBit(1, 0, "ECX", 25), "aes", "aes", "hw.optional.aes", "", "sse2"),
  PCLMULQDQ(
      "pclmulqdq",
      "carry-less multiplication",
      new CpuidBit(1, 0, "ECX", 1),
      "pclmulqdq",
      "pclmul",
      "",
      "",
      "sse2"),
  SHA_NI(
      "sha_ni",
      "SHA-1 and SHA-256",
      new CpuidBit(7, 0, "EBX", 29),
      "sha_ni",
      "sha",
      "",
      "",
      "sse2"),
  GFNI(
      "gfni",
      "Galois field instructions",
      new CpuidBit(7, 0, "ECX", 8),
      "gfni",
      "gfni",
      "",
      "",
      "sse2"),
  MOVBE("movbe", "MOVBE", new CpuidBit(1, 0, "ECX", 22), "movbe", "movbe", "", "v3", ""),
  RDRAND(
      "rdrand",
      "RDRAND",
      new CpuidBit(1, 0, "ECX", 30),
      "rdrand",
      "rdrnd",
      "hw.optional.rdrand",
      "",
      ""),
  RDSEED("rdseed", "RDSEED", new CpuidBit(7, 0, "EBX", 18), "rdseed", "rdseed", "", "", ""),
  ADX("adx", "ADCX/ADOX", new CpuidBit(7, 0, "EBX", 19), "adx", "adx", "hw.optional.adx", "", ""),
  XSAVE(
      "xsave",
      "XSAVE, enabled by the operating system",
      new CpuidBit(1, 0, "ECX", 26),
      "xsave",
      "xsave",
      "",
      "v3",
      ""),
  XSAVEOPT(
      "xsaveopt",
      "XSAVEOPT",
      new CpuidBit(13, 1, "EAX", 0),
      "xsaveopt",
      "xsaveopt",
      "",
      "",
      "xsave"),
  XSAVEC("xsavec", "XSAVEC", new CpuidBit(13, 1, "EAX", 1), "xsavec", "xsavec", "", "", "xsave"),
  XSAVES("xsaves", "XSAVES", new CpuidBit(13, 1, "EAX", 3), "xsaves", "xsaves", "", "", "xsave"),
  AVX(
      "avx",
      "AVX",
      new CpuidBit(1, 0, "ECX", 28),
      "avx",
      "avx",
      "hw.optional.avx1_0",
      "v3",
      "sse4_2 xsave"),
  F16C(
      "f16c",
      "F16C half-precision conversion",
      new CpuidBit(1, 0, "ECX", 29),
      "f16c",
      "f16c",
      "hw.optional.f16c",
      "v3",
      "avx"),
  FMA(
      "fma",
      "FMA3 fused multiply-add",
      new CpuidBit(1, 0, "ECX", 12),
      "fma",
      "fma",
      "hw.optional.fma",
      "v3",
      "avx"),
  AVX2(
      "avx2",
      "AVX2",
      new CpuidBit(7, 0, "EBX", 5),
      "avx2",
      "avx2",
      "hw.optional.avx2_0",
      "v3",
      "avx"),
  BMI1(
      "bmi1",
      "BMI1 bit manipulation",
      new CpuidBit(7, 0, "EBX", 3),
      "bmi1",
      "bmi",
      "hw.optional.bmi1",
      "v3",
      ""),
  BMI2(
      "bmi2",
      "BMI2 bit manipulation",
      new CpuidBit(7, 0, "EBX", 8),
      "bmi2",
      "bmi2",
      "hw.optional.bmi2",
      "v3",
      ""),
  LZCNT("lzcnt", "LZCNT", new CpuidBit(0x80000001, 0, "ECX", 5), "abm", "lzcnt", "", "v3", ""),
  FMA4(
      "fma4",
      "FMA4 (AMD)",
      new CpuidBit(0x80000001, 0, "ECX", 16),
      "fma4",
      "fma4",
      "",
      "",
      "avx sse4a"),
  XOP("xop", "XOP (AMD)", new CpuidBit(0x80000001, 0, "ECX", 11), "xop", "xop", "", "", "fma4"),
  TBM("tbm", "TBM (AMD)", new CpuidBit(0x80000001, 0, "ECX", 21), "tbm", "tbm", "", "", ""),
  LWP(
      "lwp",
      "lightweight profiling (AMD)",
      new CpuidBit(0x80000001, 0, "ECX", 15),
      "lwp",
      "lwp",
      "",
      "",
      ""),
  VAES(
      "vaes",
      "AES on 256 and 512 bits",
      new CpuidBit(7, 0, "ECX", 9),
      "vaes",
      "vaes",
      "",
      "",
      "aes avx2"),
  VPCLMULQDQ(
      "vpclmulqdq",
      "carry-less multiplication on 256 and 512 bits",
      new CpuidBit(7, 0, "ECX", 10),
      "vpclmulqdq",
      "vpclmulqdq",
      "",
      "",
      "pclmulqdq avx"),
  AVX_VNNI(
      "avx_vnni", "AVX-VNNI", new CpuidBit(7, 1, "EAX", 4), "avx_vnni", "avxvnni", "", "", "avx2"),
  AVX_IFMA("avx_ifma", "AVX-IFMA", new CpuidBit(7, 1, "EAX", 23), "", "avxifma", "", "", "avx2"),
  AVX_VNNI_INT8(
      "avx_vnni_int8",
      "AVX-VNNI-INT8",
      new CpuidBit(7, 1, "EDX", 4),
      "",
      "avxvnniint8",
      "",
      "",
      "avx2"),
  AVX_VNNI_INT16(
      "avx_vnni_int16",
      "AVX-VNNI-INT16",
      new CpuidBit(7, 1, "EDX", 10),
      "",
      "avxvnniint16",
      "",
      "",
      "avx2"),
  AVX_NE_CONVERT(
      "avx_ne_convert",
      "AVX-NE-CONVERT",
      new CpuidBit(7, 1, "EDX", 5),
      "",
      "avxneconvert",
      "",
      "",
      "avx2"),
  SHA512("sha512", "SHA-512", new CpuidBit(7, 1, "EAX", 0), "", "sha512", "", "", "avx2"),
  SM3("sm3", "SM3", new CpuidBit(7, 1, "EAX", 1), "", "sm3", "", "", "avx"),
  SM4("sm4", "SM4", new CpuidBit(7, 1, "EAX", 2), "", "sm4", "", "", "avx2"),
  AVX512F(
      "avx512f",
      "AVX-512 foundation",
      new CpuidBit(7, 0, "EBX", 16),
      "avx512f",
      "avx512f",
      "hw.optional.avx512f",
      "v4",
      "avx2 fma f16c"),
  AVX512CD(
      "avx512cd",
      "AVX-512 conflict detection",
      new CpuidBit(7, 0, "EBX", 28),
      "avx512cd",
      "avx512cd",
      "hw.optional.avx512cd",
      "v4",
      "avx512f"),
  AVX512DQ(
      "avx512dq",
      "AVX-512 doublewords and quadwords",
      new CpuidBit(7, 0, "EBX", 17),
      "avx512dq",
      "avx512dq",
      "hw.optional.avx512dq",
      "v4",
      "avx512f"),
  AVX512BW(
      "avx512bw",
      "AVX-512 bytes and words",
      new CpuidBit(7, 0, "EBX", 30),
      "avx512bw",
      "avx512bw",
      "hw.optional.avx512bw",
      "v4",
      "avx512f"),
  AVX512VL(
      "avx512vl",
      "AVX-512 on 128 and 256 bits",
      new CpuidBit(7, 0, "EBX", 31),
      "avx512vl",
      "avx512vl",
      "hw.optional.avx512vl",
      "v4",
      "avx512f"),
  AVX512ER(
      "avx512er",
      "AVX-512 exponential and reciprocal",
      new CpuidBit(7, 0, "EBX", 27),
      "avx512er",
      "",
      "",
      "",
      "avx512f"),
  AVX512PF(
      "avx512pf",
      "AVX-512 prefetch",
      new CpuidBit(7, 0, "EBX", 26),
      "avx512pf",
      "",
      "",
      "",
      "avx512f"),
  AVX512_4VNNIW(
      "avx512_4vnniw",
      "AVX-512 4VNNIW",
      new CpuidBit(7, 0, "EDX", 2),
      "avx512_4vnniw",
      "",
      "",
      "",
      "avx512f"),
  AVX512_4FMAPS(
      "avx512_4fmaps",
      "AVX-512 4FMAPS",
      new CpuidBit(7, 0, "EDX", 3),
      "avx512_4fmaps",
      "",
      "",
      "",
      "avx512f"),
  AVX512_IFMA(
      "avx512ifma",
      "AVX-512 integer fused multiply-add",
      new CpuidBit(7, 0, "EBX", 21),
      "avx512ifma",
      "avx512ifma",
      "hw.optional.avx512ifma",
      "",
      "avx512f"),
  AVX512_VBMI(
      "avx512vbmi",
      "AVX-512 VBMI",
      new CpuidBit(7, 0, "ECX", 1),
      "avx512vbmi",
      "avx512vbmi",
      "hw.optional.avx512vbmi",
      "",
      "avx512bw"),
  AVX512_VBMI2(
      "avx512_vbmi2",
      "AVX-512 VBMI2",
      new CpuidBit(7, 0, "ECX", 6),
      "avx512_vbmi2",
      "avx512vbmi2",
      "",
      "",
      "avx512bw"),
  AVX512_VNNI(
      "avx512_vnni",
      "AVX-512 VNNI",
      new CpuidBit(7, 0, "ECX", 11),
      "avx512_vnni",
      "avx512vnni",
      "",
      "",
      "avx512f"),
  AVX512_BITALG(
      "avx512_bitalg",
      "AVX-512 BITALG",
      new CpuidBit(7, 0, "ECX", 12),
      "avx512_bitalg",
      "avx512bitalg",
      "",
      "",
      "avx512bw"),
  AVX512_VPOPCNTDQ(
      "avx512_vpopcntdq",
      "AVX-512 VPOPCNTDQ",
      new CpuidBit(7, 0, "ECX", 14),
      "avx512_vpopcntdq",
      "avx512vpopcntdq",
      "",
      "",
      "avx512f"),
  AVX512_VP2INTERSECT(
      "avx512_vp2intersect",
      "AVX-512 VP2INTERSECT",
      new CpuidBit(7, 0, "EDX", 8),
      "avx512_vp2intersect",
      "avx512vp2intersect",
      "",
      "",
      "avx512f"),
  AVX512_BF16(
      "avx512_bf16",
      "AVX-512 BF16",
      new CpuidBit(7, 1, "EAX", 5),
      "avx512_bf16",
      "avx512bf16",
      "",
      "",
      "avx512bw"),
  AVX512_FP16(
      "avx512_fp16",
      "AVX-512 FP16",
      new CpuidBit(7, 0, "EDX", 23),
      "avx512_fp16",
      "avx512fp16",
      "",
      "",
      "avx512bw avx512vl"),
  AVX10_1(
      "avx10_1",
      "AVX10.1",
      new CpuidBit(7, 1, "EDX", 19),
      "",
      "avx10.1",
      "",
      "",
      "avx512f avx512cd avx512dq avx512bw avx512vl"),
  AVX10_2("avx10_2", "AVX10.2", new CpuidBit(36, 0, "EBX", -1), "", "avx10.2", "", "", "avx10_1"),
  AMX_TILE(
      "amx_tile", "AMX tiles", new CpuidBit(7, 0, "EDX", 24), "amx_tile", "amx-tile", "", "", ""),
  AMX_INT8(
      "amx_int8",
      "AMX INT8",
      new CpuidBit(7, 0, "EDX", 25),
      "amx_int8",
      "amx-int8",
      "",
      "",
      "amx_tile"),
  AMX_BF16(
      "amx_bf16",
      "AMX BF16",
      new CpuidBit(7, 0, "EDX", 22),
      "amx_bf16",
      "amx-bf16",
      "",
      "",
      "amx_tile"),
  AMX_FP16(
      "amx_fp16", "AMX FP16", new CpuidBit(7, 1, "EAX", 21), "", "amx-fp16", "", "", "amx_tile"),
  AMX_COMPLEX(
      "amx_complex",
      "AMX complex",
      new CpuidBit(7, 1, "EDX", 8),
      "",
      "amx-complex",
      "",
      "",
      "amx_tile"),
  RDPRU(
      "rdpru", "RDPRU (AMD)", new CpuidBit(0x80000008, 0, "EBX", 4), "rdpru", "rdpru", "", "", ""),
  MCOMMIT("mcommit", "MCOMMIT (AMD)", new CpuidBit(0x80000008, 0, "EBX", 8), "", "", "", "", ""),
  PKU(
      "pku",
      "protection keys, enabled by the operating system",
      new CpuidBit(7, 0, "ECX", 4),
      "ospke",
      "pku",
      "",
      "",
      ""),
  MOVRS("movrs", "MOVRS", new CpuidBit(7, 1, "EAX", 31), "", "movrs", "", "", ""),
  AMX_FP8("amx_fp8", "AMX FP8", new CpuidBit(30, 1, "EAX", 4), "", "amx-fp8", "", "", "amx_tile"),
  AMX_TF32(
      "amx_tf32", "AMX TF32", new CpuidBit(30, 1, "EAX", 6), "", "amx-tf32", "", "", "amx_tile"),
  AMX_AVX512(
      "amx_avx512",
      "AMX-AVX512",
      new CpuidBit(30, 1, "EAX", 7),
      "",
      "amx-avx512",
      "",
      "",
      "amx_tile"),
  AVX10_V1_AUX(
      "avx10_v1_aux",
      "AVX10's FP8, VNNI and FP16 conversion instructions",
      new CpuidBit(36, 1, "ECX", 2),
      "",
      "",
      "",
      "",
      "avx10_1"),
  AMX_MOVRS(
      "amx_movrs", "AMX MOVRS", new CpuidBit(30, 1, "EAX", 8), "", "amx-movrs", "", "", "amx_tile"),
  VMX(
      "vmx",
      "VMX virtualisation (privileged)",
      new CpuidBit(1, 0, "ECX", 5),
      "vmx",
      "",
      "",
      "",
      ""),
  SMX("smx", "SMX (privileged)", new CpuidBit(1, 0, "ECX", 6), "smx", "", "", "", ""),
  SVM(
      "svm",
      "SVM virtualisation (AMD, privileged)",
      new CpuidBit(0x80000001, 0, "ECX", 2),
      "svm",
      "",
      "",
      "",
      ""),
  SGX("sgx", "SGX enclaves", new CpuidBit(7, 0, "EBX", 2), "sgx", "sgx", "hw.optional.sgx", "", ""),
  INVPCID(
      "invpcid",
      "INVPCID (privileged)",
      new CpuidBit(7, 0, "EBX", 10),
      "invpcid",
      "invpcid",
      "",
      "",
      ""),
  SMAP("smap", "CLAC/STAC (privileged)", new CpuidBit(7, 0, "EBX", 20), "smap", "", "", "", ""),
  TSXLDTRK(
      "tsxldtrk",
      "TSX load tracking",
      new CpuidBit(7, 0, "EDX", 16),
      "tsxldtrk",
      "tsxldtrk",
      "",
      "",
      ""),
  PCONFIG(
      "pconfig",
      "PCONFIG (privileged)",
      new CpuidBit(7, 0, "EDX", 18),
      "pconfig",
      "pconfig",
      "",
      "",
      ""),
  TSE("tse", "PBNDKB (privileged)", new CpuidBit(7, 1, "EBX", 1), "", "", "", "", ""),
  FRED("fred", "FRED (privileged)", new CpuidBit(7, 1, "EAX", 17), "fred", "", "", "", ""),
  LKGS("lkgs", "LKGS (privileged)", new CpuidBit(7, 1, "EAX", 18), "", "", "", "", ""),
  WRMSRNS("wrmsrns", "WRMSRNS (privileged)", new CpuidBit(7, 1, "EAX", 19), "", "", "", "", ""),
  MSRLIST(
      "msrlist",
      "RDMSRLIST/WRMSRLIST (privileged)",
      new CpuidBit(7, 1, "EAX", 27),
      "",
      "",
      "",
      "",
      ""),
  MSR_IMM(
      "msr_imm",
      "RDMSR/WRMSRNS with an immediate (privileged)",
      new CpuidBit(7, 1, "ECX", 5),
      "",
      "",
      "",
      "",
      ""),
  INVLPGB(
      "invlpgb",
      "INVLPGB/TLBSYNC (AMD, privileged)",
      new CpuidBit(0x80000008, 0, "EBX", 3),
      "",
      "",
      "",
      "",
      ""),
  SEV_ES("sev_es", "SEV-ES (AMD)", new CpuidBit(0x8000001f, 0, "EAX", 3), "sev_es", "", "", "", ""),
  SEV_SNP(
      "sev_snp", "SEV-SNP (AMD)", new CpuidBit(0x8000001f, 0, "EAX", 4), "sev_snp", "", "", "", ""),
  PADLOCK_RNG(
      "padlock_rng",
      "PadLock random numbers (VIA)",
      new CpuidBit(0xc0000001, 0, "EDX", 2),
      "rng",
      "",
      "",
      "",
      ""),
  PADLOCK_ACE(
      "padlock_ace",
      "PadLock encryption (VIA)",
      new CpuidBit(0xc0000001, 0, "EDX", 6),
      "ace",
      "",
      "",
      "",
      ""),
  PADLOCK_PHE(
      "padlock_phe",
      "PadLock hashing (VIA)",
      new CpuidBit(0xc0000001, 0, "EDX", 10),
      "phe",
      "",
      "",
      "",
      ""),
  PADLOCK_PMM(
      "padlock_pmm",
      "PadLock Montgomery multiplication (VIA)",
      new CpuidBit(0xc0000001, 0, "EDX", 12),
      "pmm",
      "",
      "",
      "",
      ""),
  APX_F("apx_f", "APX", new CpuidBit(7, 1, "EDX", 21), "", "egpr", "", "", ""),
  CLFLUSH("clflush", "CLFLUSH", new CpuidBit(1, 0, "EDX", 19), "clflush", "", "", "v1", ""),
  CLFLUSHOPT(
      "clflushopt",
      "CLFLUSHOPT",
      new CpuidBit(7, 0, "EBX", 23),
      "clflushopt",
      "clflushopt",
      "",
      "",
      ""),
  CLWB("clwb", "CLWB", new CpuidBit(7, 0, "EBX", 24), "clwb", "clwb", "", "", ""),
  CLZERO(
      "clzero",
      "CLZERO (AMD)",
      new CpuidBit(0x80000008, 0, "EBX", 0),
      "clzero",
      "clzero",
      "",
      "",
      ""),
  MOVDIRI("movdiri", "MOVDIRI", new CpuidBit(7, 0, "ECX", 27), "movdiri", "movdiri", "", "", ""),
  MOVDIR64B(
      "movdir64b",
      "MOVDIR64B",
      new CpuidBit(7, 0, "ECX", 28),
      "movdir64b",
      "movdir64b",
      "",
      "",
      ""),
  ENQCMD("enqcmd", "ENQCMD", new CpuidBit(7, 0, "ECX", 29), "enqcmd", "enqcmd", "", "", ""),
  FSGSBASE(
      "fsgsbase",
      "RDFSBASE and its kin",
      new CpuidBit(7, 0, "EBX", 0),
      "fsgsbase",
      "fsgsbase",
      "",
      "",
      ""),
  RTM(
      "rtm",
      "transactional memory (RTM)",
      new CpuidBit(7, 0, "EBX", 11),
      "rtm",
      "rtm",
      "hw.optional.rtm",
      "",
      ""),
  RDPID("rdpid", "RDPID", new CpuidBit(7, 0, "ECX", 22), "rdpid", "rdpid", "", "", ""),
  RDTSCP("rdtscp", "RDTSCP", new CpuidBit(0x80000001, 0, "EDX", 27), "rdtscp", "", "", "", ""),
  MONITOR("monitor", "MONITOR/MWAIT", new CpuidBit(1, 0, "ECX", 3), "monitor", "", "", "", ""),
  MONITORX(
      "monitorx",
      "MONITORX/MWAITX (AMD)",
      new CpuidBit(0x80000001, 0, "ECX", 29),
      "mwaitx",
      "mwaitx",
      "",
      "",
      ""),
  WAITPKG(
      "waitpkg",
      "UMONITOR/UMWAIT/TPAUSE",
      new CpuidBit(7, 0, "ECX", 5),
      "waitpkg",
      "waitpkg",
      "",
      "",
      ""),
  SERIALIZE(
      "serialize",
      "SERIALIZE",
      new CpuidBit(7, 0, "EDX", 14),
      "serialize",
      "serialize",
      "",
      "",
      ""),
  PTWRITE("ptwrite", "PTWRITE", new CpuidBit(20, 0, "EBX", 4), "", "ptwrite", "", "", ""),
  CMPCCXADD("cmpccxadd", "CMPccXADD", new CpuidBit(7, 1, "EAX", 7), "", "cmpccxadd", "", "", ""),
  RAO_INT("rao_int", "RAO-INT", new CpuidBit(7, 1, "EAX", 3), "", "raoint", "", "", ""),
  USER_MSR("user_msr", "URDMSR/UWRMSR", new CpuidBit(7, 1, "EDX", 15), "", "usermsr", "", "", ""),
  UINTR("uintr", "user interrupts", new CpuidBit(7, 0, "EDX", 5), "", "uintr", "", "", ""),
  KL("kl", "Key Locker", new CpuidBit(7, 0, "ECX", 23), "", "kl", "", "", ""),
  WIDEKL("widekl", "wide Key Locker", new CpuidBit(25, 0, "EBX", 2), "", "widekl", "", "", "kl"),
  HRESET("hreset", "HRESET", new CpuidBit(7, 1, "EAX", 22), "", "hreset", "", "", ""),
  SHSTK("shstk", "shadow stacks", new CpuidBit(7, 0, "ECX", 7), "user_shstk", "shstk", "", "", ""),
  PREFETCHW(
      "prefetchw",
      "PREFETCHW (a hint; does not fault)",
      new CpuidBit(0x80000001, 0, "ECX", 8),
      "3dnowprefetch",
      "prfchw",
      "",
      "",
      ""),
  FEAT_FP("FEAT_FP", "floating point", null, "fp", "fp-armv8", "hw.optional.floatingpoint", "", ""),
  FEAT_ADVSIMD(
      "FEAT_ADVSIMD",
      "Advanced SIMD (Neon)",
      null,
      "asimd",
      "neon",
      "hw.optional.AdvSIMD",
      "",
      "FEAT_FP"),
  FEAT_CRC32("FEAT_CRC32", "CRC32", null, "crc32", "crc", "hw.optional.armv8_crc32", "", ""),
  FEAT_AES("FEAT_AES", "AES", null, "aes", "aes", "hw.optional.arm.FEAT_AES", "", "FEAT_ADVSIMD"),
  FEAT_PMULL(
      "FEAT_PMULL", "PMULL", null, "pmull", "aes", "hw.optional.arm.FEAT_PMULL", "", "FEAT_AES"),
  FEAT_SHA1(
      "FEAT_SHA1", "SHA-1", null, "sha1", "sha2", "hw.optional.arm.FEAT_SHA1", "", "FEAT_ADVSIMD"),
  FEAT_SHA256(
      "FEAT_SHA256",
      "SHA-256",
      null,
      "sha2",
      "sha2",
      "hw.optional.arm.FEAT_SHA256",
      "",
      "FEAT_SHA1"),
  FEAT_LSE(
      "FEAT_LSE",
      "Large System Extensions (atomics)",
      null,
      "atomics",
      "lse",
      "hw.optional.arm.FEAT_LSE",
      "",
      ""),
  FEAT_LSE2(
      "FEAT_LSE2",
      "single-copy atomic unaligned access",
      null,
      "uscat",
      "lse2",
      "hw.optional.arm.FEAT_LSE2",
      "",
      "FEAT_LSE"),
  FEAT_RDM(
      "FEAT_RDM",
      "rounding double multiply",
      null,
      "asimdrdm",
      "rdm",
      "hw.optional.arm.FEAT_RDM",
      "",
      "FEAT_ADVSIMD"),
  FEAT_FP16(
      "FEAT_FP16",
      "half-precision floating point",
      null,
      "asimdhp",
      "fullfp16",
      "hw.optional.arm.FEAT_FP16",
      "",
      "FEAT_ADVSIMD"),
  FEAT_FHM(
      "FEAT_FHM",
      "half-precision multiply to single",
      null,
      "asimdfhm",
      "fp16fml",
      "hw.optional.arm.FEAT_FHM",
      "",
      "FEAT_FP16"),
  FEAT_DOTPROD(
      "FEAT_DotProd",
      "dot product",
      null,
      "asimddp",
      "dotprod",
      "hw.optional.arm.FEAT_DotProd",
      "",
      "FEAT_ADVSIMD"),
  FEAT_FCMA(
      "FEAT_FCMA",
      "complex numbers",
      null,
      "fcma",
      "complxnum",
      "hw.optional.arm.FEAT_FCMA",
      "",
      "FEAT_ADVSIMD"),
  FEAT_JSCVT(
      "FEAT_JSCVT",
      "JavaScript conversion",
      null,
      "jscvt",
      "jsconv",
      "hw.optional.arm.FEAT_JSCVT",
      "",
      "FEAT_FP"),
  FEAT_LRCPC(
      "FEAT_LRCPC",
      "load-acquire RCpc",
      null,
      "lrcpc",
      "rcpc",
      "hw.optional.arm.FEAT_LRCPC",
      "",
      ""),
  FEAT_LRCPC2(
      "FEAT_LRCPC2",
      "load-acquire RCpc, offsets",
      null,
      "ilrcpc",
      "rcpc-immo",
      "hw.optional.arm.FEAT_LRCPC2",
      "",
      "FEAT_LRCPC"),
  FEAT_LRCPC3(
      "FEAT_LRCPC3", "load-acquire RCpc, pairs", null, "lrcpc3", "rcpc3", "", "", "FEAT_LRCPC2"),
  FEAT_DPB("FEAT_DPB", "DC CVAP", null, "dcpop", "ccpp", "hw.optional.arm.FEAT_DPB", "", ""),
  FEAT_DPB2(
      "FEAT_DPB2", "DC CVADP", null, "dcpodp", "ccdp", "hw.optional.arm.FEAT_DPB2", "", "FEAT_DPB"),
  FEAT_SHA512(
      "FEAT_SHA512",
      "SHA-512",
      null,
      "sha512",
      "sha3",
      "hw.optional.arm.FEAT_SHA512",
      "",
      "FEAT_SHA256"),
  FEAT_SHA3(
      "FEAT_SHA3", "SHA-3", null, "sha3", "sha3", "hw.optional.arm.FEAT_SHA3", "", "FEAT_SHA512"),
  FEAT_SM3("FEAT_SM3", "SM3", null, "sm3", "sm4", "", "", "FEAT_ADVSIMD"),
  FEAT_SM4("FEAT_SM4", "SM4", null, "sm4", "sm4", "", "", "FEAT_ADVSIMD"),
  FEAT_PAUTH(
      "FEAT_PAuth",
      "pointer authentication",
      null,
      "paca",
      "pauth",
      "hw.optional.arm.FEAT_PAuth",
      "",
      ""),
  FEAT_FLAGM(
      "FEAT_FlagM",
      "flag manipulation",
      null,
      "flagm",
      "flagm",
      "hw.optional.arm.FEAT_FlagM",
      "",
      ""),
  FEAT_FLAGM2(
      "FEAT_FlagM2",
      "flag manipulation 2",
      null,
      "flagm2",
      "altnzcv",
      "hw.optional.arm.FEAT_FlagM2",
      "",
      "FEAT_FlagM"),
  FEAT_FRINTTS(
      "FEAT_FRINTTS",
      "rounding to integer",
      null,
      "frint",
      "fptoint",
      "hw.optional.arm.FEAT_FRINTTS",
      "",
      "FEAT_ADVSIMD"),
  FEAT_SB("FEAT_SB", "speculation barrier", null, "sb", "sb", "hw.optional.arm.FEAT_SB", "", ""),
  FEAT_SSBS(
      "FEAT_SSBS",
      "speculative store bypass safe",
      null,
      "ssbs",
      "ssbs",
      "hw.optional.arm.FEAT_SSBS",
      "",
      ""),
  FEAT_DIT(
      "FEAT_DIT",
      "data-independent timing",
      null,
      "dit",
      "dit",
      "hw.optional.arm.FEAT_DIT",
      "",
      ""),
  FEAT_BTI(
      "FEAT_BTI",
      "branch target identification",
      null,
      "bti",
      "bti",
      "hw.optional.arm.FEAT_BTI",
      "",
      ""),
  FEAT_BF16(
      "FEAT_BF16",
      "BFloat16",
      null,
      "bf16",
      "bf16",
      "hw.optional.arm.FEAT_BF16",
      "",
      "FEAT_ADVSIMD"),
  FEAT_EBF16(
      "FEAT_EBF16",
      "extended BFloat16",
      null,
      "ebf16",
      "",
      "hw.optional.arm.FEAT_EBF16",
      "",
      "FEAT_BF16"),
  FEAT_I8MM(
      "FEAT_I8MM",
      "Int8 matrix multiplication",
      null,
      "i8mm",
      "i8mm",
      "hw.optional.arm.FEAT_I8MM",
      "",
      "FEAT_ADVSIMD"),
  FEAT_DGH("FEAT_DGH", "data gathering hint", null, "dgh", "", "", "", ""),
  FEAT_RNG("FEAT_RNG", "random numbers", null, "rng", "rand", "", "", ""),
  FEAT_MTE("FEAT_MTE", "memory tagging", null, "mte", "mte", "hw.optional.arm.FEAT_MTE", "", ""),
  FEAT_MTE2(
      "FEAT_MTE2",
      "memory tagging, full",
      null,
      "mte",
      "mte",
      "hw.optional.arm.FEAT_MTE2",
      "",
      "FEAT_MTE"),
  FEAT_ECV("FEAT_ECV", "enhanced counters", null, "ecv", "ecv", "hw.optional.arm.FEAT_ECV", "", ""),
  FEAT_AFP(
      "FEAT_AFP", "alternate floating point", null, "afp", "", "hw.optional.arm.FEAT_AFP", "", ""),
  FEAT_RPRES(
      "FEAT_RPRES",
      "reciprocal estimate precision",
      null,
      "rpres",
      "",
      "hw.optional.arm.FEAT_RPRES",
      "",
      ""),
  FEAT_WFXT(
      "FEAT_WFxT",
      "WFE/WFI with timeout",
      null,
      "wfxt",
      "wfxt",
      "hw.optional.arm.FEAT_WFxT",
      "",
      ""),
  FEAT_LS64("FEAT_LS64", "64-byte loads and stores", null, "", "ls64", "", "", ""),
  FEAT_HBC(
      "FEAT_HBC",
      "hinted conditional branches",
      null,
      "hbc",
      "hbc",
      "hw.optional.arm.FEAT_HBC",
      "",
      ""),
  FEAT_CSSC(
      "FEAT_CSSC",
      "common short sequence compression",
      null,
      "cssc",
      "cssc",
      "hw.optional.arm.FEAT_CSSC",
      "",
      ""),
  FEAT_MOPS("FEAT_MOPS", "memory copy and set", null, "mops", "mops", "", "", ""),
  FEAT_SVE("FEAT_SVE", "Scalable Vector Extension", null, "sve", "sve", "", "", "FEAT_FP16"),
  FEAT_SVE2("FEAT_SVE2", "SVE2", null, "sve2", "sve2", "", "", "FEAT_SVE"),
  FEAT_SVE_AES("FEAT_SVE_AES", "SVE AES", null, "sveaes", "sve-aes", "", "", "FEAT_SVE2"),
  FEAT_SVE_PMULL128(
      "FEAT_SVE_PMULL128", "SVE PMULL", null, "svepmull", "sve-aes", "", "", "FEAT_SVE_AES"),
  FEAT_SVE_BITPERM(
      "FEAT_SVE_BitPerm",
      "SVE bit permutation",
      null,
      "svebitperm",
      "sve-bitperm",
      "",
      "",
      "FEAT_SVE2"),
  FEAT_SVE_SHA3("FEAT_SVE_SHA3", "SVE SHA-3", null, "svesha3", "sve-sha3", "", "", "FEAT_SVE2"),
  FEAT_SVE_SM4("FEAT_SVE_SM4", "SVE SM4", null, "svesm4", "sve-sm4", "", "", "FEAT_SVE2"),
  FEAT_SVE2P1("FEAT_SVE2p1", "SVE2.1", null, "sve2p1", "sve2p1", "", "", "FEAT_SVE2"),
  FEAT_F32MM(
      "FEAT_F32MM", "SVE single-precision matrices", null, "svef32mm", "f32mm", "", "", "FEAT_SVE"),
  FEAT_F64MM(
      "FEAT_F64MM", "SVE double-precision matrices", null, "svef64mm", "f64mm", "", "", "FEAT_SVE"),
  FEAT_SME(
      "FEAT_SME",
      "Scalable Matrix Extension",
      null,
      "sme",
      "sme",
      "hw.optional.arm.FEAT_SME",
      "",
      ""),
  FEAT_SME2("FEAT_SME2", "SME2", null, "sme2", "sme2", "hw.optional.arm.FEAT_SME2", "", "FEAT_SME"),
  FEAT_SME2P1(
      "FEAT_SME2p1",
      "SME2.1",
      null,
      "sme2p1",
      "sme2p1",
      "hw.optional.arm.FEAT_SME2p1",
      "",
      "FEAT_SME2"),
  FEAT_SME_I16I64(
      "FEAT_SME_I16I64",
      "SME 16-bit to 64-bit integers",
      null,
      "smei16i64",
      "sme-i16i64",
      "hw.optional.arm.FEAT_SME_I16I64",
      "",
      "FEAT_SME"),
  FEAT_SME_F64F64(
      "FEAT_SME_F64F64",
      "SME double precision",
      null,
      "smef64f64",
      "sme-f64f64",
      "hw.optional.arm.FEAT_SME_F64F64",
      "",
      "FEAT_SME"),
  FEAT_TME("FEAT_TME", "transactional memory", null, "", "tme", "", "", ""),
  FEAT_LSE128("FEAT_LSE128", "128-bit atomics", null, "lse128", "lse128", "", "", "FEAT_LSE");

  /**
   * Where CPUID says it.
   *
   * @param leaf value of EAX
   * @param subleaf value of ECX
   * @param register the register of the answer, {@code EAX} to {@code EDX}
   * @param bit the bit of that register, or -1 where the register holds a version number
   */
  public record CpuidBit(int leaf, int subleaf, String register, int bit) {}

  private static final Map<String, Feature> BY_ID = new HashMap<>();
  private static final Map<String, List<Feature>> BY_LINUX = new HashMap<>();
  private static final Map<String, List<Feature>> BY_SYSCTL = new HashMap<>();

  static {
    for (Feature f : values()) {
      BY_ID.put(f.id, f);
      if (!f.linuxName.isEmpty()) {
        BY_LINUX.merge(f.linuxName, List.of(f), Feature::join);
      }
      if (!f.sysctlName.isEmpty()) {
        BY_SYSCTL.merge(f.sysctlName, List.of(f), Feature::join);
      }
    }
  }

  private final String id;
  private final String title;
  private final @Nullable CpuidBit cpuid;
  private final String linuxName;
  private final String llvmName;
  private final String sysctlName;
  private final String level;
  private final String implied;

  Feature(
      String id,
      String title,
      @Nullable CpuidBit cpuid,
      String linuxName,
      String llvmName,
      String sysctlName,
      String level,
      String implied) {
    this.id = id;
    this.title = title;
    this.cpuid = cpuid;
    this.linuxName = linuxName;
    this.llvmName = llvmName;
    this.sysctlName = sysctlName;
    this.level = level;
    this.implied = implied;
  }

  /** The canonical name, used in JSON and in machine names ({@code avx2}, {@code FEAT_LSE}). */
  public String id() {
    return id;
  }

  /** The name as a sentence writes it. */
  public String title() {
    return title;
  }

  /** The instruction set it belongs to. */
  public Architecture architecture() {
    return id.startsWith("FEAT_") ? Architecture.ARM64 : Architecture.X86_64;
  }

  /** Where CPUID reports it; null on Arm. */
  public @Nullable CpuidBit cpuid() {
    return cpuid;
  }

  /** The word in Linux's {@code /proc/cpuinfo}; empty where there is none. */
  public String linuxName() {
    return linuxName;
  }

  /** LLVM's subtarget feature ({@code -mattr}); empty where there is none. */
  public String llvmName() {
    return llvmName;
  }

  /** macOS's sysctl name; empty where there is none. */
  public String sysctlName() {
    return sysctlName;
  }

  /** The lowest x86-64 psABI level that has it ({@code v1} to {@code v4}); empty where none has. */
  public String level() {
    return level;
  }

  /**
   * The features that every machine with this one also has, directly and indirectly, and itself.
   */
  public FeatureSet closure() {
    FeatureSet all = FeatureSet.of(this);
    if (!implied.isEmpty()) {
      for (String name : implied.split(" ")) {
        all = all.with(byId(name).closure());
      }
    }
    return all;
  }

  /** The feature of an id. */
  public static Feature byId(String id) {
    Feature found = BY_ID.get(id);
    if (found == null) {
      throw new IllegalArgumentException("no feature is called " + id);
    }
    return found;
  }

  /** The feature of an id, or null. */
  public static @Nullable Feature find(String id) {
    return BY_ID.get(id);
  }

  /** The features that a word of {@code /proc/cpuinfo} stands for. */
  public static List<Feature> ofLinuxName(String word) {
    return BY_LINUX.getOrDefault(word, List.of());
  }

  /** The features that a sysctl name stands for. */
  public static List<Feature> ofSysctlName(String name) {
    return BY_SYSCTL.getOrDefault(name, List.of());
  }

  /** All features of one instruction set. */
  public static List<Feature> of(Architecture architecture) {
    return Arrays.stream(values()).filter(f -> f.architecture() == architecture).toList();
  }

  private static List<Feature> join(List<Feature> a, List<Feature> b) {
    var all = new java.util.ArrayList<>(a);
    all.addAll(b);
    return List.copyOf(all);
  }
}
