package dev.sigill.report;

import dev.sigill.machine.Machine;
import dev.sigill.machine.SystemProfile;
import dev.sigill.machine.Translator;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** Machines for programs, version 1 of {@code machines.schema.json}. */
public final class MachinesJson {
  private MachinesJson() {}

  /**
   * Writes machines in full and leaves the stream open.
   *
   * @param version the tool's version
   */
  public static void write(List<Machine> machines, String version, OutputStream out)
      throws IOException {
    try (var json = new Json(out)) {
      json.object(
          root -> {
            CheckJson.head(root, version);
            root.list("machines", machines, (each, m) -> each.object(o -> members(o, m)));
          });
    }
  }

  static void members(Json json, Machine machine) throws IOException {
    json.string("name", machine.name());
    json.string("title", machine.title());
    json.string("architecture", machine.architecture().id());
    json.string("hostArchitecture", machine.hostArchitecture().id());
    json.string(
        "translator",
        machine.translator() == Translator.NONE ? null : CheckJson.word(machine.translator()));
    json.strings("advertised", machine.advertised().ids());
    json.strings("executes", machine.executes().ids());
    json.strings("uncertain", machine.uncertain().ids());
    SystemProfile system = machine.system();
    if (system.isAny()) {
      json.nothing("system");
    } else {
      json.object(
          "system",
          object -> {
            object.string("name", system.name());
            object.string("title", system.title());
            object.string("system", system.system().id());
            object.string("version", system.version().text());
            object.string("libc", CheckJson.word(system.libc()));
            object.string("libcVersion", system.libcVersion().text());
            object.string("glibcxx", system.glibcxx().text());
          });
    }
    json.number("pageSize", machine.pageSize());
    json.strings("sources", machine.sources());
  }
}
