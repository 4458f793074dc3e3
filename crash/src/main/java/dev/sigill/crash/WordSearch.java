package dev.sigill.crash;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds many words in bytes in one pass, whatever their number (A. Aho and M. Corasick, "Efficient
 * string matching", CACM 18(6), 1975). ASCII letters match in either case.
 */
final class WordSearch {
  private final byte[] classOf = new byte[256];
  private final int classes;
  private final int[] next;
  private final int[][] found;

  /** What a search tells. */
  interface Listener {
    /**
     * A word was found.
     *
     * @param word its number
     * @param end the index after its last byte
     * @return whether to go on
     */
    boolean found(int word, int end);
  }

  /** Prepares a search for words in lower case. */
  WordSearch(List<byte[]> words) {
    classes = classify(words);
    var children = new ArrayList<int[]>();
    var ends = new ArrayList<int[]>();
    children.add(row());
    ends.add(new int[0]);
    for (int w = 0; w < words.size(); w++) {
      int state = 0;
      for (byte b : words.get(w)) {
        int c = classOf[b & 0xff] & 0xff;
        int child = children.get(state)[c];
        if (child < 0) {
          child = children.size();
          children.get(state)[c] = child;
          children.add(row());
          ends.add(new int[0]);
        }
        state = child;
      }
      ends.set(state, plus(ends.get(state), new int[] {w}));
    }
    var fail = new int[children.size()];
    var queue = new ArrayDeque<Integer>();
    complete(children.getFirst(), fail, queue);
    while (!queue.isEmpty()) {
      int state = queue.remove();
      int[] row = children.get(state);
      int[] fallback = children.get(fail[state]);
      ends.set(state, plus(ends.get(state), ends.get(fail[state])));
      for (int c = 0; c < classes; c++) {
        if (row[c] < 0) {
          row[c] = fallback[c];
        } else {
          fail[row[c]] = fallback[c];
          queue.add(row[c]);
        }
      }
    }
    next = new int[children.size() * classes];
    found = new int[children.size()][];
    for (int s = 0; s < children.size(); s++) {
      System.arraycopy(children.get(s), 0, next, s * classes, classes);
      found[s] = ends.get(s);
    }
  }

  private static void complete(int[] root, int[] fail, ArrayDeque<Integer> queue) {
    for (int c = 0; c < root.length; c++) {
      if (root[c] < 0) {
        root[c] = 0;
      } else {
        fail[root[c]] = 0;
        queue.add(root[c]);
      }
    }
  }

  private int classify(List<byte[]> words) {
    byte count = 1;
    for (byte[] word : words) {
      for (byte b : word) {
        if (classOf[b & 0xff] == 0) {
          classOf[b & 0xff] = count++;
        }
      }
    }
    for (int c = 'A'; c <= 'Z'; c++) {
      classOf[c] = classOf[c + 32];
    }
    return count & 0xff;
  }

  private int[] row() {
    var row = new int[classes];
    Arrays.fill(row, -1);
    return row;
  }

  private static int[] plus(int[] a, int[] b) {
    int[] all = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, all, a.length, b.length);
    return all;
  }

  /** Searches a part of an array. */
  void search(byte[] text, int from, int to, Listener listener) {
    int state = 0;
    for (int i = from; i < to; i++) {
      state = next[state * classes + (classOf[text[i] & 0xff] & 0xff)];
      if (found[state].length > 0) {
        for (int word : found[state]) {
          if (!listener.found(word, i + 1)) {
            return;
          }
        }
      }
    }
  }
}
