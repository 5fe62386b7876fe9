import Foundation
import PackagePlugin

/// Embeds every file below `sql/` into the module `Schema`, so that the binary brings its own schema along.
///
/// SwiftPM's `.embedInCode` was tried: file names clash, and 115 kB take 28 s to compile.
@main
struct EmbedSQLPlugin: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    let root = context.package.directoryURL.appending(path: "sql")
    let output = context.pluginWorkDirectoryURL.appending(path: "EmbeddedSQL.swift")
    let inputs = try sqlFiles(below: root)
    return [
      .buildCommand(
        displayName: "Embedding sql/ (\(inputs.count) files)",
        executable: try context.tool(named: "EmbedSQL").url,
        arguments: [root.path(), output.path()],
        inputFiles: inputs,
        outputFiles: [output])
    ]
  }

  private func sqlFiles(below root: URL) throws -> [URL] {
    guard let found = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil) else {
      throw Missing(path: root.path())
    }
    return found.compactMap { $0 as? URL }
      .filter { $0.pathExtension == "sql" }
      .sorted { $0.path() < $1.path() }
  }
}

struct Missing: Error, CustomStringConvertible {
  let path: String
  var description: String { "no folder \(path) to embed" }
}
