/// What the value of one field decides of a form: which of the others must be given, and which may be. Fields that no
/// case names are common to all.
public struct Variants: Sendable {
  public struct Case: Sendable {
    public let value: String
    public let needs: [String]
    public let may: [String]

    public init(_ value: String, needs: [String] = [], may: [String] = []) {
      self.value = value
      self.needs = needs
      self.may = may
    }
  }

  /// The field that decides; required, one of the cases' values.
  public let field: String
  public let cases: [Case]

  public init(by field: String, _ cases: [Case]) {
    self.field = field
    self.cases = cases
  }

  /// Whether a field belongs to this case, or to all.
  public func admit(_ name: String, in chosen: Case) -> Bool {
    chosen.needs.contains(name) || chosen.may.contains(name) || !isVariable(name)
  }

  private func isVariable(_ name: String) -> Bool {
    cases.contains { $0.needs.contains(name) || $0.may.contains(name) }
  }
}
