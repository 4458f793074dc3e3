package dev.sigill.report;

import dev.sigill.verdict.Verdict;

/** The sign at the head of a line. Its meaning is always said in words too. */
enum Mark {
  GOOD("✓", "ok", "32"),
  BAD("✗", "x ", "31"),
  MAYBE("!", "! ", "33"),
  OPEN("?", "? ", "33"),
  NOTE("·", "- ", "2");

  private final String unicode;
  private final String ascii;
  private final String color;

  Mark(String unicode, String ascii, String color) {
    this.unicode = unicode;
    this.ascii = ascii;
    this.color = color;
  }

  static Mark of(Verdict verdict) {
    return switch (verdict) {
      case RUNS -> GOOD;
      case UNKNOWN -> OPEN;
      case MAY_CRASH -> MAYBE;
      case REFUSES, CRASHES, FAILS_TO_LOAD, NOT_INSTALLABLE -> BAD;
    };
  }

  /** The sign itself, without colour. */
  String sign(Style style) {
    return style.unicode() ? unicode : ascii;
  }

  /** The ANSI code of its colour. */
  String color() {
    return color;
  }
}
