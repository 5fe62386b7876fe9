extension Schema {
  /// The scripts below `sql/demonstration/`, in path order: they fill an empty registry with a fictional organisation.
  /// To be run as `beeld_owner`, in one transaction.
  public static var demonstration: [String] {
    EmbeddedSQL.files.filter { $0.path.hasPrefix("demonstration/") }.sorted { $0.path < $1.path }.map(\.text)
  }
}
