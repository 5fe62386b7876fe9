/// A kind of content: what the teacher fills in, and beside which facts it stands. The texts are never among the facts,
/// but under an address of their own.
public struct ContentKind: Sendable {
  /// As the database knows it (`content_kind_known`).
  public let code: String
  /// Its name in the document.
  public let name: String
  /// Its address without the base: `requests/{id}/learning-question`.
  public let path: String
  /// Under which heading it stands.
  public let tag: String
  public let about: String
  public let form: Form
  /// What `GET` answers.
  public let shape: Shape

  init(_ code: String, name: String, path: String, tag: String, about: String, form: Form, shape: [Shape.Member]) {
    self.code = code
    self.name = name
    self.path = path
    self.tag = tag
    self.about = about
    self.form = form
    self.shape = .named(name, .object(shape))
  }

  /// All of them, in the order of the document.
  public static let all: [ContentKind] = [.learningQuestion, .reflection, .storyboard]
}
