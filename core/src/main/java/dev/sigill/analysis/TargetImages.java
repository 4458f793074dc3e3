package dev.sigill.analysis;

import dev.sigill.image.Image;
import dev.sigill.image.Needed;
import dev.sigill.image.Symbol;
import dev.sigill.image.pe.PeImage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All images of a target, and which of them loads which: a needed library is looked for along the
 * image's search paths, beside it, and then by name anywhere in the target, as a process would have
 * it loaded already.
 */
final class TargetImages {
  private final List<LoadedImage> images;
  private final Map<String, List<LoadedImage>> byPath = new HashMap<>();
  private final Map<String, List<LoadedImage>> byName = new HashMap<>();
  private final Map<LoadedImage, Map<String, LoadedImage>> needed = new HashMap<>();
  private final Map<LoadedImage, List<LoadedImage>> answering = new HashMap<>();
  private final Map<LoadedImage, List<LoadedImage>> neededBy = new HashMap<>();

  /**
   * @param images the images
   * @param links other paths under which the loader finds an image: link path to image path
   */
  TargetImages(List<LoadedImage> images, Map<String, String> links) {
    this.images = List.copyOf(images);
    for (LoadedImage image : images) {
      byPath.computeIfAbsent(image.path(), _ -> new ArrayList<>()).add(image);
      addName(baseName(image.path()), image);
      if (!image.image().installName().isEmpty()) {
        addName(baseName(image.image().installName()), image);
      }
    }
    links.forEach(
        (link, path) -> {
          for (LoadedImage image : byPath.getOrDefault(path, List.of())) {
            List<LoadedImage> there = byPath.computeIfAbsent(link, _ -> new ArrayList<>());
            if (!there.contains(image)) {
              there.add(image);
            }
            addName(baseName(link), image);
          }
        });
    for (LoadedImage image : images) {
      var found = new LinkedHashMap<String, LoadedImage>();
      for (Needed library : image.image().needed()) {
        LoadedImage provider = find(image, library.name());
        if (provider != null && provider != image) {
          found.put(library.name(), provider);
        }
      }
      needed.put(image, found);
      answering.put(image, answering(image));
    }
  }

  /** Libraries that answer for exports of a DLL; nothing need load them before such a call. */
  private List<LoadedImage> answering(LoadedImage image) {
    if (!(image.image() instanceof PeImage dll)) {
      return List.of();
    }
    var libraries = new LinkedHashSet<String>();
    dll.symbols()
        .forEachExported(
            symbol -> {
              PeImage.Forwarder forwarder =
                  symbol.kind() == Symbol.Kind.FORWARD ? dll.forwarder(symbol.name()) : null;
              if (forwarder != null) {
                libraries.add(forwarder.library());
              }
            });
    return libraries.stream()
        .map(library -> find(image, library))
        .filter(found -> found != null && found != image)
        .toList();
  }

  List<LoadedImage> images() {
    return images;
  }

  /** The scope of a process that loads one image. */
  LoadScope scopeOf(LoadedImage root) {
    Set<LoadedImage> lookup = new LinkedHashSet<>();
    var queue = new ArrayDeque<LoadedImage>();
    queue.add(root);
    while (!queue.isEmpty()) {
      LoadedImage next = queue.remove();
      if (lookup.add(next)) {
        queue.addAll(needed.getOrDefault(next, Map.of()).values());
      }
    }
    return new LoadScope(new ArrayList<>(lookup), dependenciesFirst(root), needed, this::find);
  }

  /**
   * The scope in which an image's imports are looked up. Where a single image that nobody needs
   * brings it in, that is the scope of the process that loads this one; else its own.
   */
  LoadScope lookupScopeOf(LoadedImage image) {
    LoadedImage top = null;
    for (LoadedImage candidate : tops(image)) {
      if (top != null) {
        return scopeOf(image);
      }
      top = candidate;
    }
    return scopeOf(top == null ? image : top);
  }

  private synchronized void usersByLibrary() {
    if (neededBy.isEmpty()) {
      needed.forEach(
          (from, libraries) ->
              libraries
                  .values()
                  .forEach(to -> neededBy.computeIfAbsent(to, _ -> new ArrayList<>()).add(from)));
    }
  }

  /**
   * The images that bring an image in and that no other image needs; none where it is one itself.
   */
  private Set<LoadedImage> tops(LoadedImage image) {
    usersByLibrary();
    var found = new LinkedHashSet<LoadedImage>();
    var seen = new HashSet<LoadedImage>();
    var queue = new ArrayDeque<LoadedImage>();
    queue.add(image);
    seen.add(image);
    while (!queue.isEmpty() && found.size() < 2) {
      LoadedImage next = queue.remove();
      List<LoadedImage> users = neededBy.getOrDefault(next, List.of());
      if (users.isEmpty() && next != image) {
        found.add(next);
      }
      for (LoadedImage user : users) {
        if (seen.add(user)) {
          queue.add(user);
        }
      }
    }
    return found;
  }

  /** Whether another image of the target links to an image. */
  boolean isNeeded(LoadedImage image) {
    usersByLibrary();
    return neededBy.containsKey(image);
  }

  /** The images in groups of which no image calls one of another group. */
  List<List<LoadedImage>> groups() {
    var group = new HashMap<LoadedImage, LoadedImage>();
    images.forEach(image -> group.put(image, image));
    needed.forEach(
        (from, libraries) ->
            libraries.values().forEach(to -> group.put(leader(group, from), leader(group, to))));
    answering.forEach(
        (from, libraries) ->
            libraries.forEach(to -> group.put(leader(group, from), leader(group, to))));
    var members = new LinkedHashMap<LoadedImage, List<LoadedImage>>();
    for (LoadedImage image : images) {
      members.computeIfAbsent(leader(group, image), _ -> new ArrayList<>()).add(image);
    }
    return new ArrayList<>(members.values());
  }

  private static LoadedImage leader(Map<LoadedImage, LoadedImage> group, LoadedImage image) {
    LoadedImage at = image;
    while (group.get(at) != at) {
      group.put(at, group.get(group.get(at)));
      at = group.get(at);
    }
    return at;
  }

  private List<LoadedImage> dependenciesFirst(LoadedImage root) {
    var done = new LinkedHashSet<LoadedImage>();
    var seen = new HashSet<LoadedImage>();
    var stack = new ArrayDeque<LoadedImage>();
    var pending = new ArrayDeque<ArrayDeque<LoadedImage>>();
    stack.push(root);
    seen.add(root);
    pending.push(new ArrayDeque<>(needed.getOrDefault(root, Map.of()).values()));
    while (!stack.isEmpty()) {
      LoadedImage next = pending.peek().poll();
      if (next == null) {
        done.add(stack.pop());
        pending.pop();
      } else if (seen.add(next)) {
        stack.push(next);
        pending.push(new ArrayDeque<>(needed.getOrDefault(next, Map.of()).values()));
      }
    }
    return new ArrayList<>(done);
  }

  private @Nullable LoadedImage find(LoadedImage from, String library) {
    String name = baseName(library);
    List<String> folders = new ArrayList<>();
    for (String searchPath : from.image().searchPaths()) {
      folder(from, searchPath, folders);
    }
    if (library.indexOf('/') >= 0 && !library.startsWith("/")) {
      int slash = library.lastIndexOf('/');
      String prefix = library.substring(0, slash);
      if (prefix.startsWith("@rpath")) {
        for (String searchPath : from.image().searchPaths()) {
          folder(from, searchPath + prefix.substring("@rpath".length()), folders);
        }
      } else {
        folder(from, prefix, folders);
      }
    }
    folders.add(folderOf(from.path()));
    for (String folder : folders) {
      LoadedImage found = pick(from, byPath.get(folder.isEmpty() ? name : folder + '/' + name));
      if (found != null) {
        return found;
      }
    }
    return pick(from, byName.get(key(from.image(), name)));
  }

  private static @Nullable LoadedImage pick(
      LoadedImage from, @Nullable List<LoadedImage> candidates) {
    if (candidates == null) {
      return null;
    }
    for (LoadedImage candidate : candidates) {
      if (LoadScope.isCompatible(from.image(), candidate.image())) {
        return candidate;
      }
    }
    return null;
  }

  /** Adds the target folder that a search path with a loader's variable means. */
  private static void folder(LoadedImage from, String searchPath, List<String> folders) {
    String own = folderOf(from.path());
    for (String variable :
        List.of("$ORIGIN", "${ORIGIN}", "@loader_path", "@executable_path", ".")) {
      if (searchPath.startsWith(variable)) {
        String rest = searchPath.substring(variable.length());
        String path = normalise(own + (rest.startsWith("/") ? rest : "/" + rest));
        if (path != null) {
          folders.add(path);
        }
        return;
      }
    }
  }

  /** A path without {@code .} and {@code ..}, or null where it leads out of the target. */
  private static @Nullable String normalise(String path) {
    var parts = new ArrayDeque<String>();
    for (String part : path.split("/")) {
      if (part.equals("..")) {
        if (parts.pollLast() == null) {
          return null;
        }
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.addLast(part);
      }
    }
    return String.join("/", parts);
  }

  private void addName(String name, LoadedImage image) {
    List<LoadedImage> there =
        byName.computeIfAbsent(key(image.image(), name), _ -> new ArrayList<>());
    if (!there.contains(image)) {
      there.add(image);
    }
  }

  /** Windows and macOS compare file names without case by default. */
  private static String key(Image image, String name) {
    return switch (image.format()) {
      case ELF -> name;
      case MACH_O, PE -> name.toLowerCase(Locale.ROOT);
    };
  }

  private static String baseName(String path) {
    return path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  }

  private static String folderOf(String path) {
    int slash = path.lastIndexOf('/');
    return slash < 0 ? "" : path.substring(0, slash);
  }
}
