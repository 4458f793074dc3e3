package dev.sigill.image.name;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DemanglerTest {
  /** Names and what GNU c++filt 2.40 makes of them. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          _Z1fv                       | f()
          _ZN1AC2ERKS_                | A::A(A const&)
          _ZN1AD0Ev                   | A::~A()
          _ZNK3foo3barEi              | foo::bar(int) const
          _ZNKR1A1fEv                 | A::f() const &
          _ZNO1A1fEv                  | A::f() &&
          _Z1fPFvvE                   | f(void (*)())
          _Z1fPFPFvvEiE               | f(void (*(*)(int))())
          _Z1fPFPFvvEiEPS_            | f(void (*(*)(int))(), void (*)())
          _Z1fPFPFvvEiEPS1_           | f(void (*(*)(int))(), void (*(*)(int))())
          _Z1fPDoFvvE                 | f(void (*)() noexcept)
          _Z1fMN1AEKFivE              | f(int (A::*)() const)
          _Z1fM1Ai                    | f(int A::*)
          _Z1fRA6_Kc                  | f(char const (&) [6])
          _Z1fPA3_A4_i                | f(int (*) [3][4])
          _Z1fPVKi                    | f(int const volatile*)
          _Z1fDv4_f                   | f(float __vector(4))
          _Z1fCf                      | f(float _Complex)
          _Z1fz                       | f(...)
          _Z1fDn                      | f(decltype(nullptr))
          _Z3fooIiEvT_                | void foo<int>(int)
          _Z3fooIiEPFvvET_            | void (*foo<int>(int))()
          _Z3fooIiEPA3_iT_            | int (*foo<int>(int)) [3]
          _Z3fooILb1EEvv              | void foo<true>()
          _Z3fooILc65EEvv             | void foo<(char)65>()
          _Z3fooILin5EEvv             | void foo<-5>()
          _Z3fooILm7EEvv              | void foo<7ul>()
          _Z1fIXadL_Z3foovEEEvv       | void f<&(foo())>()
          _Z1fIXadL_ZN1A3fooEvEEEvv   | void f<&A::foo>()
          _Z1fIJilEEvDpRKT_           | void f<int, long>(int const&, long const&)
          _Z1fIJEEvDpT_               | void f<>()
          _Z1fIiEDTcl1gfp_EET_        | decltype (g({parm#1})) f<int>(int)
          _Z1fIJilEEvN1AIXsZT_EEE     | void f<int, long>(A<2>)
          _ZN1AcvT_IiEEv              | A::operator int<int>()
          _ZN1AcvPKcEv                | A::operator char const*()
          _ZN1AplERKS_                | A::operator+(A const&)
          _ZN1AltIiEEbT_              | bool A::operator< <int>(int)
          _Zli2_xy                    | operator"" _x(unsigned long long)
          _ZnwmSt11align_val_t        | operator new(unsigned long, std::align_val_t)
          _ZNSsC1Ev                   | std::basic_string<char, std::char_traits<char>, std::allocator<char> >::basic_string()
          _ZNSt6vectorIiSaIiEED1Ev    | std::vector<int, std::allocator<int> >::~vector()
          _ZN1A1fB5cxx11Ev            | A::f[abi:cxx11]()
          _ZN12_GLOBAL__N_11fEv       | (anonymous namespace)::f()
          _ZZ1fvE1x                   | f()::x
          _ZZ1fvE1x_0                 | f()::x
          _ZZ1fvENKUlvE_clEv          | f()::{lambda()#1}::operator()() const
          _ZZ1fvENKUlT_E_clIiEEDaS_   | auto f()::{lambda(auto:1)#1}::operator()<int>(int) const
          _ZZ3fooIiEvT_E1x            | foo<int>(int)::x
          _ZGVZ1fvE1x                 | guard variable for f()::x
          _ZGRZ1fvE1x_                | reference temporary #0 for f()::x
          _ZTV1A                      | vtable for A
          _ZTI1A                      | typeinfo for A
          _ZTS1A                      | typeinfo name for A
          _ZTC1D0_1B                  | construction vtable for B-in-D
          _ZThn8_N1A1fEv              | non-virtual thunk to A::f()
          _ZTv0_n24_N1A1fEv           | virtual thunk to A::f()
          _Z1fv.constprop.0           | f() [clone .constprop.0]
          _Z1fv.part.0.cold           | f() [clone .part.0] [clone .cold]
          _ZN1aIXgtLi1ELi2EEE1fEv     | a<((1)>(2))>::f()
          _ZN3fooIXstiEE1fEv          | foo<sizeof (int)>::f()
          _Z1fIiLDnEEvT_ | void f<int, decltype(nullptr)>(int)
          _ZN1fIJEiEEvv | void f<, int>()
          _ZN1aIJNS_1bIJEEEEE1fEv | a<a::b<> >::f()
          _Z1fIiENSt9enable_ifIXclsrN1A1BIT_EE4sizeEEE4typeES3_ | std::enable_if<A::B<int>::size()>::type f<int>(int)
          _ZN3fooCI23barEi | foo::bar(int)
          _Z1fIKiEvRKT_ | void f<int const>(int const&)
          _Z1fIRiEvOT_ | void f<int&>(int&)
          _Z1fIJRiS0_OlEEvDpOT_ | void f<int&, int&, long&&>(int&, int&, long&&)
          _ZGTtN1A1fEv | transaction clone for A::f()
          _ZTH1x | TLS init function for x
          _ZTW1x | TLS wrapper function for x
          _Z1fIXsr1AIiE5valueEEvv | void f<A<int>::value>()
          _ZN1A1fILNS_1EE3EEEvv | void A::f<(A::E)3>()
          _Z1fDF16_ | f(_Float16)
          _Z1fILj4EEvPAplT_Li1E_i | void f<4u>(int (*) [(4u)+(1)])
          _GLOBAL__I_000101           | global constructors keyed to 000101
          _GLOBAL__I__Z1fv            | global constructors keyed to f()
          """)
  void cppName_isReadAsByGnu(String mangled, String readable) {
    assertThat(Demangler.demangle(mangled)).isEqualTo(readable);
  }

  /** Names and what rustc's own demangler makes of them without hashes. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          _RNvNtCs1234_7mycrate3foo3bar                | mycrate::foo::bar
          _RNvC6_123foo3bar                            | 123foo::bar
          _RINvNtC3std3mem8align_ofjE                  | std::mem::align_of::<usize>
          _RNvMs_NtC3foo3barNtB4_3Baz3new              | <foo::bar::Baz>::new
          _RNvXs_C3fooNtB4_3BarNtNtC4core3fmt5Debug3fmt| <foo::Bar as core::fmt::Debug>::fmt
          _RNCNvC3foo4main0B3_                         | foo::main::{closure#0}
          _RINvC3foo3barKj7b_E                         | foo::bar::<123>
          _RINvC3foo3barDNtC3std4SendEL_E              | foo::bar::<dyn std::Send>
          _RINvC3foo3barTlbEE                          | foo::bar::<(i32, bool)>
          _RINvC3foo3barAhj8_E                         | foo::bar::<[u8; 8]>
          _RINvC3foo3barFUKCEuE                        | foo::bar::<unsafe extern "C" fn()>
          _RNvC3foou8Gdel_5qa                          | foo::Gödel
          _RNvC3foo3bar.llvm.123                       | foo::bar
          _ZN4core3fmt5write17h0123456789abcdefE       | core::fmt::write
          _ZN42_$LT$$RF$T$u20$as$u20$core..fmt..Debug$GT$3fmt17h60d7d92cd91d3a46E | <&T as core::fmt::Debug>::fmt
          _ZN9hashbrown3raw21RawTable$LT$T$C$A$GT$14reserve_rehash17h07026c6284522ac1E.llvm.41 | hashbrown::raw::RawTable<T,A>::reserve_rehash
          """)
  void rustName_isReadWithoutHash(String mangled, String readable) {
    assertThat(Demangler.demangle(mangled)).isEqualTo(readable);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          ?f@@YAXXZ                            | f()
          ?f@A@@QEAAHH@Z                       | A::f(int)
          ?f@A@ns@@QEBAHPEBDAEAV12@@Z          | ns::A::f(char const *, ns::A &) const
          ??0A@@QEAA@XZ                        | A::A()
          ??1A@@UEAA@XZ                        | A::~A()
          ??0?$vector@HV?$allocator@H@std@@@std@@QEAA@XZ | std::vector<int, std::allocator<int>>::vector()
          ??4A@@QEAAAEAV0@AEBV0@@Z             | A::operator=(A const &)
          ??2@YAPEAX_K@Z                       | operator new(unsigned __int64)
          ??_7A@@6B@                           | A::`vftable'
          ??BA@@QEAAHXZ                        | A::operator int()
          ?x@?1??f@@YAXXZ@4HA                  | `f()'::`2'::x
          ?f@?A0x1234@@YAXXZ                   | `anonymous namespace'::f()
          ??$g@_J@ns@@YAXPEAVB@0@@Z            | ns::g<__int64>(ns::B *)
          ?f@@YAXP6AHH@Z@Z                     | f(int (*)(int))
          ?f@@YAXV?$function@$$A6AXH@Z@std@@@Z | f(std::function<void (int)>)
          ?f@@YAXHZZ                           | f(int, ...)
          ?v@A@@2HA                            | A::v
          """)
  void microsoftName_isReadWithParameters(String mangled, String readable) {
    assertThat(Demangler.demangle(mangled)).isEqualTo(readable);
  }

  @Test
  void functionsThatMayBeInline_areToldByTheirScheme() {
    assertThat(Demangler.isItaniumFunction("_ZNK6Totals2ofEPKii")).isTrue();
    assertThat(Demangler.isItaniumFunction("__ZNK6Totals2ofEPKii")).isTrue();
    assertThat(Demangler.isItaniumFunction("_ZL5localv")).isFalse();
    assertThat(Demangler.isItaniumFunction("_ZN12_GLOBAL__N_15localEv")).isFalse();
    assertThat(Demangler.isItaniumFunction("_ZTV6Totals")).isFalse();
    assertThat(Demangler.isItaniumFunction("_ZN4core3fmt5write17h0123456789abcdefE")).isFalse();
    assertThat(Demangler.isItaniumFunction("PyInit_merged")).isFalse();
    assertThat(Demangler.isItaniumFunction("?of@Totals@@QEBAJPEBHH@Z")).isFalse();
  }

  @Test
  void plainName_staysAsItIs() {
    for (String name :
        List.of("", "main", "_start", "memcpy", "Java_a_b", "_ZZ", "_Z", "_R", "?")) {
      assertThat(Demangler.demangle(name)).isEqualTo(name);
    }
  }

  @Test
  void machOName_losesItsUnderscore() {
    assertThat(Demangler.demangleMachO("__ZN1AC1Ev")).isEqualTo("A::A()");
    assertThat(Demangler.demangleMachO("_main")).isEqualTo("main");
    assertThat(Demangler.demangleMachO("__RNvC3foo3bar")).isEqualTo("foo::bar");
  }

  @Test
  void name_thatDoublesWithEverySubstitution_staysAsItIs() {
    // Each argument holds the one before it twice: the text would have 2^40 parts.
    var name = new StringBuilder("_Z1f1AIiiE");
    for (int i = 0; i < 40; i++) {
      String last = i == 0 ? "S0_" : "S" + Integer.toString(i, 36).toUpperCase() + "_";
      name.append("1AI").append(last).append(last).append('E');
    }
    assertSoon(name.toString());
    assertThat(Demangler.demangle("_Z1f" + "P".repeat(100_000) + "i")).startsWith("_Z1fPPP");
    assertThat(Demangler.demangle("_RINvC1a1b" + "S".repeat(100_000) + "hE"))
        .startsWith("_RINvC1a1bSSS");
    assertThat(Demangler.demangle("?f@@YAX" + "PEA".repeat(100_000) + "H@Z"))
        .startsWith("?f@@YAXPEAPEA");
  }

  @Property(tries = 3000)
  void name_damagedAnywhere_isReadSoonAndWithoutFault(@ForAll("damagedNames") String name) {
    assertSoon(name);
  }

  private static void assertSoon(String name) {
    Assertions.assertTimeout(
        Duration.ofSeconds(2),
        () -> assertThat(Demangler.demangle(name).length()).isLessThan(1 << 20));
  }

  @Provide
  Arbitrary<String> damagedNames() {
    List<String> seeds =
        List.of(
            "_ZN4absl12lts_202508148SNPrintFIJciiiEEEiPcmRKNS0_19str_format_internal18"
                + "FormatSpecTemplateIJXspclsr19str_format_internalE14ArgumentToConvIT_EEEEEEDpRKS5_",
            "_ZZNK4mlir13TypeConverter12wrapCallbackINS_4TypeEEEvvENKUlRKT_E0_clIiEEDaS3_",
            "_ZNSt10_HashtableIPKN10tensorflow4NodeES3_SaIS3_ENSt8__detail9_IdentityESt8equal_to"
                + "IS3_EEC2ERKS8_",
            "_RINvXs_NtC3foo3barINtB4_3BazAhj8_ENtNtC4core3fmt5Debug3fmtDNtC3std4SendEL_Kj7b_E",
            "??$_Try_emplace@AEBV?$basic_string@DU?$char_traits@D@std@@V?$allocator@D@2@@std@@$$V"
                + "@?$_Hash@H@std@@QEAA?AU?$pair@HH@1@AEBV?$basic_string@DU?$char_traits@D@std@@@1@@Z",
            "_ZN42_$LT$$RF$T$u20$as$u20$core..fmt..Debug$GT$3fmt17h60d7d92cd91d3a46E");
    Arbitrary<Integer> position = Arbitraries.integers().between(0, 400);
    Arbitrary<Character> letter =
        Arbitraries.chars().with("0123456789_ABCDEFIJKLMNOPRSTUVXZabcdefilnprstvz@?$.");
    return Arbitraries.of(seeds)
        .flatMap(
            seed ->
                position
                    .tuple2()
                    .flatMap(
                        at ->
                            letter.flatMap(
                                c ->
                                    Arbitraries.of(0, 1, 2, 3)
                                        .map(
                                            kind -> damage(seed, at.get1(), at.get2(), c, kind)))));
  }

  private static String damage(String seed, int first, int second, char letter, int kind) {
    int a = first % seed.length();
    int b = second % seed.length();
    int low = Math.min(a, b);
    int high = Math.max(a, b);
    return switch (kind) {
      case 0 -> seed.substring(0, a);
      case 1 -> seed.substring(0, a) + letter + seed.substring(a + 1);
      case 2 -> seed.substring(0, low) + seed.substring(high);
      default -> seed.substring(0, high) + letter + seed.substring(low);
    };
  }
}
