package dev.sigill.crash;

/** What crash reports state, whatever their format; the ids are the keys of the JSON answer. */
public enum Fact {
  SIGNAL("signal", "signal"),
  SIGNAL_CODE("signal.code", "signal code"),
  EXCEPTION("exception", "exception"),
  EXIT_STATUS("exit.status", "exit status"),
  PROCESS("process", "process"),
  PROCESS_ARCH("process.arch", "architecture"),
  TRANSLATED("translated", "translated"),
  TRANSLATOR("translator", "translator"),
  OS("os", "system"),
  CPU("cpu", "processor"),
  CPU_FEATURES("cpu.features", "processor's features"),
  PAGE_SIZE("page.size", "page size"),
  RUNTIME("runtime", "runtime"),
  IMAGE("image", "image"),
  IMAGE_OFFSET("image.offset", "offset in image"),
  ADDRESS("address", "address"),
  FAULT_ADDRESS("fault.address", "memory accessed"),
  FUNCTION("function", "function"),
  FRAME_KIND("frame.kind", "kind of frame"),
  BYTES("bytes", "bytes"),
  INSTRUCTION("instruction", "instruction"),
  PACKAGE("package", "package"),
  FILE("file", "file"),
  LIBRARY("library", "library needed"),
  SYMBOL("symbol", "symbol needed"),
  VERSION("version", "version needed"),
  HAVE("have", "it is"),
  NEED("need", "the process needs"),
  FEATURES("features", "features named"),
  DEVICE("device", "device"),
  STAGE("stage", "stage"),
  CALLERS("callers", "called from"),
  THREAD("thread", "thread");

  private final String id;
  private final String title;

  Fact(String id, String title) {
    this.id = id;
    this.title = title;
  }

  /** The key in the JSON answer. */
  public String id() {
    return id;
  }

  /** The words before its value. */
  public String title() {
    return title;
  }
}
