import Program

/// A wording in each language that people are shown.
public struct LocalizedText: Sendable, Hashable {
  public let dutch: String
  public let english: String

  public init(_ dutch: String, _ english: String) {
    self.dutch = dutch
    self.english = english
  }

  public func callAsFunction(_ language: Language) -> String {
    language(dutch: dutch, english: english)
  }
}
