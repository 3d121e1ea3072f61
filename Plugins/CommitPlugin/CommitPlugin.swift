import Foundation
import PackagePlugin

/// Lets each build write down which commit it is of, so that `--version` can say it.
///
/// A manifest cannot: SwiftPM keeps what it evaluated to, and a new commit does not make that stale.
@main struct CommitPlugin: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    let script = context.package.directoryURL.appending(path: "scripts/commit")
    let output = context.pluginWorkDirectoryURL
    return [
      .prebuildCommand(
        displayName: "The commit of this build", executable: URL(filePath: "/bin/sh"),
        arguments: [script.path(percentEncoded: false), output.appending(path: "BuiltCommit.swift").path(percentEncoded: false)],
        outputFilesDirectory: output)
    ]
  }
}
