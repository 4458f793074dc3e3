package dev.sigill.isa.x86;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What an instruction needs, judged by a disassembler's text alone: mnemonic and operands, and of
 * the bytes only which prefix introduces them. It knows no opcode, so it can contradict the
 * decoder's tables.
 */
final class FeatureOfText {
  /** How the instruction is introduced. */
  enum Introduction {
    LEGACY,
    VEX,
    EVEX,
    XOP,
    REX2
  }

  private static final Pattern WIDE = Pattern.compile("\\b[yz]mm\\d|YMMWORD|ZMMWORD", 2);

  private static final Map<String, String> LEGACY = new HashMap<>();
  private static final Map<String, String> VEX = new HashMap<>();
  private static final Map<String, String> EVEX = new HashMap<>();

  private static void put(Map<String, String> map, String feature, String mnemonics) {
    for (String mnemonic : mnemonics.split("\\s+")) {
      if (!mnemonic.isBlank()) {
        map.put(mnemonic, feature);
      }
    }
  }

  static {
    put(LEGACY, "popcnt", "popcnt");
    put(LEGACY, "cx16", "cmpxchg16b");
    put(LEGACY, "lahf_lm", "lahf sahf");
    put(LEGACY, "movbe", "movbe");
    put(
        LEGACY,
        "sse3",
        "addsubpd addsubps haddpd haddps hsubpd hsubps lddqu movddup movshdup movsldup fisttp");
    put(
        LEGACY,
        "ssse3",
        """
        pshufb phaddw phaddd phaddsw phsubw phsubd phsubsw pmaddubsw pmulhrsw psignb psignw psignd
        pabsb pabsw pabsd palignr
        """);
    put(
        LEGACY,
        "sse4_1",
        """
        blendpd blendps blendvpd blendvps dppd dpps extractps insertps movntdqa mpsadbw packusdw
        pblendvb pblendw pcmpeqq pextrb pextrd pextrq phminposuw pinsrb pinsrd pinsrq pmaxsb pmaxsd
        pmaxud pmaxuw pminsb pminsd pminud pminuw pmovsxbw pmovsxbd pmovsxbq pmovsxwd pmovsxwq
        pmovsxdq pmovzxbw pmovzxbd pmovzxbq pmovzxwd pmovzxwq pmovzxdq pmuldq pmulld ptest roundpd
        roundps roundsd roundss
        """);
    put(
        LEGACY,
        "sse4_2",
        "crc32 pcmpestri pcmpestrm pcmpestriq pcmpestrmq pcmpistri pcmpistrm pcmpgtq");
    put(LEGACY, "sse4a", "extrq insertq movntss movntsd");
    put(LEGACY, "aes", "aesdec aesdeclast aesenc aesenclast aesimc aeskeygenassist");
    put(
        LEGACY,
        "pclmulqdq",
        "pclmulqdq pclmullqlqdq pclmulhqlqdq pclmullqhqdq pclmulhqhqdq pclmullqhqdq");
    put(
        LEGACY,
        "sha_ni",
        "sha1msg1 sha1msg2 sha1nexte sha1rnds4 sha256msg1 sha256msg2 sha256rnds2");
    put(LEGACY, "gfni", "gf2p8mulb gf2p8affineqb gf2p8affineinvqb");
    put(LEGACY, "adx", "adcx adox");
    put(LEGACY, "rdrand", "rdrand");
    put(LEGACY, "rdseed", "rdseed");
    put(LEGACY, "xsave", "xsave xsave64 xrstor xrstor64 xgetbv xsetbv");
    put(LEGACY, "xsaveopt", "xsaveopt xsaveopt64");
    put(LEGACY, "xsavec", "xsavec xsavec64");
    put(LEGACY, "xsaves", "xsaves xsaves64 xrstors xrstors64");
    put(LEGACY, "fsgsbase", "rdfsbase rdgsbase wrfsbase wrgsbase");
    put(LEGACY, "ptwrite", "ptwrite");
    put(LEGACY, "clflushopt", "clflushopt");
    put(LEGACY, "clwb", "clwb");
    put(LEGACY, "clzero", "clzero");
    put(LEGACY, "waitpkg", "tpause umonitor umwait");
    put(LEGACY, "serialize", "serialize");
    put(LEGACY, "rdtscp", "rdtscp");
    put(LEGACY, "rdpid", "rdpid");
    put(LEGACY, "rdpru", "rdpru");
    put(LEGACY, "mcommit", "mcommit");
    put(LEGACY, "monitor", "monitor mwait");
    put(LEGACY, "monitorx", "monitorx mwaitx");
    put(LEGACY, "pku", "rdpkru wrpkru");
    put(LEGACY, "movdiri", "movdiri");
    put(LEGACY, "movdir64b", "movdir64b");
    put(LEGACY, "enqcmd", "enqcmd enqcmds");
    put(LEGACY, "rtm", "xabort xbegin xend xtest");
    put(LEGACY, "rao_int", "aadd aand aor axor");
    put(LEGACY, "user_msr", "urdmsr uwrmsr");
    put(LEGACY, "movrs", "movrs");
    put(LEGACY, "hreset", "hreset");
    put(
        LEGACY,
        "shstk",
        """
        incsspd incsspq saveprevssp rstorssp wrssd wrssq wrussd wrussq setssbsy clrssbsy
        """);
    put(LEGACY, "uintr", "uiret testui clui stui senduipi");
    put(
        LEGACY,
        "kl",
        "loadiwkey encodekey128 encodekey256 aesenc128kl aesdec128kl aesenc256kl aesdec256kl");
    put(LEGACY, "widekl", "aesencwide128kl aesdecwide128kl aesencwide256kl aesdecwide256kl");
    put(
        LEGACY,
        "3dnow",
        """
        femms pi2fd pf2id pfcmpge pfmin pfrcp pfrsqrt pfsub pfadd pfcmpgt pfmax pfrcpit1 pfrsqit1
        pfsubr pfacc pfcmpeq pfmul pfrcpit2 pmulhrw pavgusb
        """);
    put(LEGACY, "3dnowext", "pi2fw pf2iw pfnacc pfpnacc pswapd");
    put(
        LEGACY,
        "vmx",
        """
        vmcall vmlaunch vmresume vmxoff vmfunc vmread vmwrite vmptrld vmclear vmxon vmptrst invept
        invvpid tdcall seamret seamops seamcall
        """);
    put(LEGACY, "svm", "vmrun vmmcall vmload vmsave stgi clgi skinit invlpga");
    put(LEGACY, "sev_es", "vmgexit");
    put(LEGACY, "sev_snp", "rmpadjust rmpupdate psmash pvalidate");
    put(LEGACY, "invlpgb", "invlpgb tlbsync");
    put(LEGACY, "sgx", "encls enclu enclv");
    put(LEGACY, "smx", "getsec");
    put(LEGACY, "smap", "clac stac");
    put(LEGACY, "invpcid", "invpcid");
    put(LEGACY, "pconfig", "pconfig");
    put(LEGACY, "fred", "erets eretu");
    put(LEGACY, "lkgs", "lkgs");
    put(LEGACY, "wrmsrns", "wrmsrns");
    put(LEGACY, "msrlist", "rdmsrlist wrmsrlist");
    put(LEGACY, "tsxldtrk", "xsusldtrk xresldtrk");
    put(LEGACY, "padlock_rng", "xstore xstore-rng xstorerng");
    put(
        LEGACY,
        "padlock_ace",
        """
        xcryptecb xcryptcbc xcryptctr xcryptcfb xcryptofb xcrypt-ecb xcrypt-cbc xcrypt-ctr
        xcrypt-cfb xcrypt-ofb
        """);
    put(LEGACY, "padlock_phe", "xsha1 xsha256");
    put(LEGACY, "padlock_pmm", "montmul");

    put(
        VEX,
        "avx2",
        """
        vpermps vpermd vpermq vpermpd vpblendd vinserti128 vextracti128 vperm2i128 vpsrlvd vpsrlvq
        vpsravd vpsllvd vpsllvq vpbroadcastb vpbroadcastw vpbroadcastd vpbroadcastq vbroadcasti128
        vpmaskmovd vpmaskmovq vpgatherdd vpgatherdq vpgatherqd vpgatherqq vgatherdps vgatherdpd
        vgatherqps vgatherqpd
        """);
    put(VEX, "f16c", "vcvtph2ps vcvtps2ph");
    put(VEX, "bmi1", "andn blsr blsmsk blsi bextr");
    put(VEX, "bmi2", "bzhi pext pdep mulx shlx sarx shrx rorx");
    put(VEX, "avx_vnni", "vpdpbusd vpdpbusds vpdpwssd vpdpwssds");
    put(VEX, "avx_ifma", "vpmadd52luq vpmadd52huq");
    put(VEX, "avx_vnni_int8", "vpdpbssd vpdpbssds vpdpbsud vpdpbsuds vpdpbuud vpdpbuuds");
    put(VEX, "avx_vnni_int16", "vpdpwsud vpdpwsuds vpdpwusd vpdpwusds vpdpwuud vpdpwuuds");
    put(
        VEX,
        "avx_ne_convert",
        """
        vbcstnebf162ps vbcstnesh2ps vcvtneebf162ps vcvtneeph2ps vcvtneobf162ps vcvtneoph2ps
        vcvtneps2bf16
        """);
    put(VEX, "sha512", "vsha512rnds2 vsha512msg1 vsha512msg2");
    put(VEX, "sm3", "vsm3msg1 vsm3msg2 vsm3rnds2");
    put(VEX, "sm4", "vsm4key4 vsm4rnds4");
    put(
        VEX,
        "amx_tile",
        "ldtilecfg sttilecfg tilerelease tilezero tileloadd tileloaddt1 tilestored");
    put(VEX, "amx_bf16", "tdpbf16ps");
    put(VEX, "amx_fp16", "tdpfp16ps");
    put(VEX, "amx_int8", "tdpbssd tdpbsud tdpbusd tdpbuud");
    put(VEX, "amx_complex", "tcmmimfp16ps tcmmrlfp16ps");
    put(VEX, "user_msr", "urdmsr uwrmsr");

    put(
        EVEX,
        "avx512dq",
        """
        vandps vandpd vandnps vandnpd vorps vorpd vxorps vxorpd vpmullq vpextrd vpextrq vpinsrd
        vpinsrq vpmovd2m vpmovq2m vpmovm2d vpmovm2q vbroadcastf32x2 vbroadcasti32x2 vbroadcastf64x2
        vbroadcasti64x2 vbroadcastf32x8 vbroadcasti32x8 vextractf64x2 vextracti64x2 vextractf32x8
        vextracti32x8 vinsertf64x2 vinserti64x2 vinsertf32x8 vinserti32x8
        """);
    put(EVEX, "avx512cd", "vpconflictd vpconflictq vplzcntd vplzcntq vpbroadcastmb2q");
    put(EVEX, "avx512cd", "vpbroadcastmw2d");
    put(EVEX, "avx512ifma", "vpmadd52luq vpmadd52huq");
    put(EVEX, "avx512vbmi", "vpermb vpermi2b vpermt2b vpmultishiftqb");
    put(
        EVEX,
        "avx512_vbmi2",
        """
        vpcompressb vpcompressw vpexpandb vpexpandw vpshldw vpshldd vpshldq vpshldvw vpshldvd
        vpshldvq vpshrdw vpshrdd vpshrdq vpshrdvw vpshrdvd vpshrdvq
        """);
    put(EVEX, "avx512_vnni", "vpdpbusd vpdpbusds vpdpwssd vpdpwssds");
    put(EVEX, "avx512_bitalg", "vpopcntb vpopcntw vpshufbitqmb");
    put(EVEX, "avx512_vpopcntdq", "vpopcntd vpopcntq");
    put(EVEX, "avx512_vp2intersect", "vp2intersectd vp2intersectq");
    put(EVEX, "avx512_bf16", "vcvtne2ps2bf16 vcvtneps2bf16 vdpbf16ps");
    put(EVEX, "avx512_4fmaps", "v4fmaddps v4fnmaddps v4fmaddss v4fnmaddss");
    put(EVEX, "avx512_4vnniw", "vp4dpwssd vp4dpwssds");
    put(EVEX, "avx512f,vaes", "vaesenc vaesenclast vaesdec vaesdeclast");
    put(EVEX, "avx512f,gfni", "vgf2p8mulb vgf2p8affineqb vgf2p8affineinvqb");
    put(EVEX, "avx10_2", "vpdpbssd vpdpbssds vpdpbsud vpdpbsuds vpdpbuud vpdpbuuds");
    put(EVEX, "avx10_2", "vpdpwsud vpdpwsuds vpdpwusd vpdpwusds vpdpwuud vpdpwuuds");
    put(
        EVEX,
        "avx512bw",
        """
        vmovdqu8 vmovdqu16 vpabsb vpabsw vpacksswb vpackssdw vpackuswb vpackusdw vpaddb vpaddw
        vpaddsb vpaddsw vpaddusb vpaddusw vpalignr vpavgb vpavgw vpblendmb vpblendmw vpbroadcastb
        vpbroadcastw vpermi2w vpermt2w vpermw vpextrb vpextrw vpinsrb vpinsrw vpmaddubsw vpmaddwd
        vpmaxsb vpmaxsw vpmaxub vpmaxuw vpminsb vpminsw vpminub vpminuw vpmovb2m vpmovw2m vpmovm2b
        vpmovm2w vpmovswb vpmovuswb vpmovwb vpmovsxbw vpmovzxbw vpmulhrsw vpmulhuw vpmulhw vpmullw
        vpsadbw vpshufb vpshufhw vpshuflw vpslldq vpsrldq vpsllvw vpsravw vpsrlvw vpsllw vpsraw
        vpsrlw vpsubb vpsubw vpsubsb vpsubsw vpsubusb vpsubusw vptestmb vptestmw vptestnmb
        vptestnmw vpunpckhbw vpunpckhwd vpunpcklbw vpunpcklwd vdbpsadbw
        """);
  }

  private static final Set<String> EVEX_ONE_LENGTH =
      new HashSet<>(
          Arrays.asList(
              """
              vmovd vmovq vmovw vpextrb vpextrw vpextrd vpextrq vpinsrb vpinsrw vpinsrd vpinsrq
              vextractps vinsertps vmovhps vmovhpd vmovlps vmovlpd vmovhlps vmovlhps
              """
                  .split("\\s+")));

  private static final Pattern SCALAR =
      Pattern.compile("v.*(ss|sd|sh|ssz|s[sdh]2u?si|usi2s[sdh]l?q?|si2s[sdh]l?q?)");

  private static final Pattern FP16 =
      Pattern.compile(
          "v(add|sub|mul|div|min|max|sqrt|rsqrt|rcp|scalef|getexp|getmant|reduce|rndscale|fpclass"
              + "|mov|ucomi|comi|cmp.*)[ps]h[xyz]?|vf(n?m(add|sub)|maddsub|msubadd)(132|213|231)[ps]h"
              + "|vfc?m(add|ul)c[ps]h|vcvt.*(ph|sh)2.*|vcvt.*2(ph|sh)x?|vcvtp[sd]2phx?[xyz]?|vcvtsh2.*");

  /** General registers that only APX has. */
  private static final Pattern EXTENDED = Pattern.compile("\\br(1[6-9]|2\\d|3[01])[bwd]?\\b");

  private FeatureOfText() {}

  /** The ids of the features, sorted; empty for the base architecture; null where not known. */
  static Set<String> of(String text, Introduction introduction, int evexLength) {
    int space = text.indexOf(' ');
    String mnemonic = space < 0 ? text : text.substring(0, space);
    String operands = space < 0 ? "" : text.substring(space + 1);
    String term =
        switch (introduction) {
          case LEGACY -> legacy(mnemonic, operands);
          case REX2 -> "apx_f," + legacy(mnemonic, operands);
          case VEX -> vex(mnemonic, operands);
          case EVEX ->
              evex(mnemonic, evexLength) + (EXTENDED.matcher(operands).find() ? ",apx_f" : "");
          case XOP -> xop(mnemonic);
        };
    var out = new TreeSet<String>();
    for (String feature : term.split(",")) {
      if (!feature.isEmpty()) {
        out.add(feature);
      }
    }
    return out;
  }

  private static String legacy(String mnemonic, String operands) {
    if (mnemonic.equals("pextrw") && operands.contains("PTR")) {
      return "sse4_1";
    }
    return LEGACY.getOrDefault(mnemonic, "");
  }

  private static String xop(String mnemonic) {
    if (List.of("llwpcb", "slwpcb", "lwpins", "lwpval").contains(mnemonic)) {
      return "lwp";
    }
    if (mnemonic.startsWith("bl") || mnemonic.equals("bextr") || mnemonic.startsWith("t")) {
      return "tbm";
    }
    return "xop";
  }

  private static String vex(String mnemonic, String operands) {
    boolean isWide = WIDE.matcher(operands).find();
    String known = VEX.get(mnemonic);
    if (known != null) {
      return known;
    }
    if (mnemonic.startsWith("k")) {
      return mask(mnemonic);
    }
    if (mnemonic.matches("cmp\\w+xadd")) {
      return "cmpccxadd";
    }
    if (mnemonic.startsWith("vpermil2")) {
      return "xop";
    }
    if (mnemonic.startsWith("vfm") || mnemonic.startsWith("vfnm")) {
      return mnemonic.matches(".*(132|213|231).*") ? "fma" : "fma4";
    }
    if (mnemonic.startsWith("vaes")) {
      return isWide ? "vaes" : "avx,aes";
    }
    if (mnemonic.startsWith("vpclmul")) {
      return isWide ? "vpclmulqdq" : "avx,pclmulqdq";
    }
    if (mnemonic.startsWith("vgf2p8")) {
      return "avx,gfni";
    }
    if (mnemonic.matches("vbroadcasts[sd]")) {
      return operands.contains("PTR") || operands.contains("ptr") ? "avx" : "avx2";
    }
    boolean isInteger =
        mnemonic.startsWith("vp")
                && !mnemonic.startsWith("vpermil")
                && !mnemonic.equals("vperm2f128")
                && !mnemonic.equals("vptest")
            || mnemonic.equals("vmpsadbw")
            || mnemonic.equals("vmovntdqa");
    return isInteger && isWide ? "avx2" : "avx";
  }

  private static String mask(String mnemonic) {
    if (mnemonic.startsWith("kadd") || mnemonic.startsWith("ktest")) {
      return mnemonic.endsWith("b") || mnemonic.endsWith("w") ? "avx512dq" : "avx512bw";
    }
    if (mnemonic.startsWith("kunpck")) {
      return mnemonic.equals("kunpckbw") ? "avx512f" : "avx512bw";
    }
    return switch (mnemonic.charAt(mnemonic.length() - 1)) {
      case 'b' -> "avx512dq";
      case 'w' -> "avx512f";
      default -> "avx512bw";
    };
  }

  private static String evex(String mnemonic, int length) {
    if (mnemonic.matches("v(gather|scatter)pf.*")) {
      return "avx512pf";
    }
    if (mnemonic.matches("v(exp2|rcp28|rsqrt28).*")) {
      return "avx512er";
    }
    if (!mnemonic.startsWith("v")) {
      return apx(mnemonic);
    }
    String base = EVEX.get(mnemonic);
    if (base == null && mnemonic.matches("vp(cmp|com)\\w*[bw]")) {
      base = "avx512bw";
    }
    if (base == null && mnemonic.matches("vpclmul.*")) {
      base = "avx512f,vpclmulqdq";
    }
    if (base == null
        && (mnemonic.matches("v(range|reduce)[ps][sd]")
            || mnemonic.matches("vfpclass[ps][sd][xyz]?")
            || mnemonic.matches("vcvt\\w*qq2?\\w*") && !mnemonic.contains("ph"))) {
      base = "avx512dq";
    }
    if (mnemonic.equals("vmovw")
        || base == null
            && !mnemonic.equals("vcvtph2ps")
            && !mnemonic.equals("vcvtps2ph")
            && FP16.matcher(mnemonic).matches()) {
      return "avx512_fp16";
    }
    if (base == null) {
      base = "avx512f";
    }
    boolean isScalar =
        SCALAR.matcher(mnemonic).matches()
            && !mnemonic.startsWith("vp")
            && !mnemonic.startsWith("vbroadcast");
    if (base.equals("avx10_2")) {
      return base;
    }
    if (length < 2 && !isScalar && !EVEX_ONE_LENGTH.contains(mnemonic)) {
      return base + ",avx512vl";
    }
    return base;
  }

  private static String apx(String mnemonic) {
    String feature = LEGACY.get(mnemonic);
    if (feature == null) {
      feature = VEX.get(mnemonic);
    }
    if (feature == null && mnemonic.startsWith("k")) {
      feature = mask(mnemonic);
    }
    if (feature == null && mnemonic.matches("cmp\\w+xadd")) {
      feature = "cmpccxadd";
    }
    if (mnemonic.equals("tzcnt")) {
      feature = "bmi1";
    }
    if (mnemonic.equals("lzcnt")) {
      feature = "lzcnt";
    }
    return feature == null ? "apx_f" : "apx_f," + feature;
  }
}
