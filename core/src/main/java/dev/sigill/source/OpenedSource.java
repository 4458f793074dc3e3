package dev.sigill.source;

import dev.sigill.bytes.Problem;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A target that was looked through. */
final class OpenedSource implements Source {
  private final String target;
  private final String artifact;
  private final Kind kind;
  private final List<Member> members;
  private final Map<String, String> links;
  private final List<Distribution> distributions;
  private final PythonCode pythonCode;
  private final Optional<Interpreter> interpreter;
  private final List<Problem> problems;
  private final Collection<Room> rooms;

  OpenedSource(
      String target,
      String artifact,
      Kind kind,
      List<Member> members,
      Map<String, String> links,
      List<Distribution> distributions,
      PythonCode pythonCode,
      Optional<Interpreter> interpreter,
      List<Problem> problems,
      Collection<Room> rooms) {
    this.target = target;
    this.artifact = artifact;
    this.kind = kind;
    this.members = List.copyOf(members);
    this.links = java.util.Collections.unmodifiableMap(links);
    this.distributions = List.copyOf(distributions);
    this.pythonCode = pythonCode;
    this.interpreter = interpreter;
    this.problems = List.copyOf(problems);
    this.rooms = List.copyOf(rooms);
  }

  @Override
  public String target() {
    return target;
  }

  @Override
  public String artifact() {
    return artifact;
  }

  @Override
  public Kind kind() {
    return kind;
  }

  @Override
  public List<Member> members() {
    return members;
  }

  @Override
  public Map<String, String> links() {
    return links;
  }

  @Override
  public List<Distribution> distributions() {
    return distributions;
  }

  @Override
  public PythonCode pythonCode() {
    return pythonCode;
  }

  @Override
  public Optional<Interpreter> interpreter() {
    return interpreter;
  }

  @Override
  public List<Problem> problems() {
    return problems;
  }

  @Override
  public void close() {
    rooms.forEach(Room::close);
  }
}
