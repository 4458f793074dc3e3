package dev.sigill.source;

import java.util.Locale;
import java.util.Set;

/**
 * Names of files that are not opened to look for native code, to save time: source text, Python and
 * Java bytecode, pictures and fonts. All others are told by their content, whatever they are
 * called.
 */
final class TextNames {
  private static final Set<String> SUFFIXES =
      Set.of(
          ("py pyi pyc pyx pxd pxi pyw class java kt kts scala groovy clj c cc cpp cxx h hh hpp hxx"
                  + " inl inc cu cuh cl m mm f f77 f90 f95 for rs go js cjs mjs jsx ts cts mts tsx"
                  + " map vue svelte css scss sass less html htm xml xsd xsl xslt svg json json5"
                  + " jsonl geojson ipynb txt md markdown rst adoc tex po pot mo yml yaml toml ini"
                  + " cfg conf properties csv tsv sql sh bash bat cmd ps1 cmake mk am in proto"
                  + " thrift fbs pb td mlir pem crt lock editorconfig gitignore npmignore png jpg"
                  + " jpeg gif ico bmp webp tif tiff woff woff2 ttf otf eot afm pdf sig")
              .split(" "));

  private TextNames() {}

  static boolean matches(String name) {
    int dot = name.lastIndexOf('.');
    if (dot < 0 || name.length() - dot > 13 || name.indexOf('/', dot) >= 0) {
      return false;
    }
    String suffix = name.substring(dot + 1);
    return SUFFIXES.contains(suffix) || SUFFIXES.contains(suffix.toLowerCase(Locale.ROOT));
  }
}
