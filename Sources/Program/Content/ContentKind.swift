/// A kind of content: what its owner fills in, and beside which facts it stands. The texts are never among the facts,
/// but under an address of their own.
public struct ContentKind: Sendable {
  /// Whose it is.
  public enum Owner: Sendable {
    /// The teacher's whom the facts are about.
    case teacher
    /// The school's, and so of those who answer for it.
    case school
  }

  /// As the database knows it (`content_kind_known`).
  public let code: String
  /// Its name in the document.
  public let name: String
  /// Its address without the base: `requests/{id}/learning-question`.
  public let path: String
  /// Under which heading it stands.
  public let tag: String
  public let about: String
  /// Whose it is.
  public let owner: Owner
  public let form: Form
  /// What `GET` answers.
  public let shape: Shape

  init(
    _ code: String, name: String, path: String, tag: String, about: String, owner: Owner = .teacher, form: Form,
    shape: [Shape.Member]
  ) {
    self.code = code
    self.name = name
    self.path = path
    self.tag = tag
    self.about = about
    self.owner = owner
    self.form = form
    self.shape = .named(name, .object(shape))
  }

  /// All of them, in the order of the document.
  public static let all: [ContentKind] = [.learningQuestion, .reflection, .storyboard, .pupil, .objectionNote]
}
