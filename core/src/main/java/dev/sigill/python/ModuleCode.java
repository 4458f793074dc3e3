package dev.sigill.python;

import java.util.List;
import java.util.Set;

/**
 * What the text of a module says of imports.
 *
 * @param imports its import statements, in the order of the text
 * @param names names that its top level binds to other things than modules of its own package
 */
record ModuleCode(List<ImportStatement> imports, Set<String> names) {
  ModuleCode {
    imports = List.copyOf(imports);
    names = Set.copyOf(names);
  }
}
