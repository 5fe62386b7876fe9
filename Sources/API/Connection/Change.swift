/// Where tasks on one event loop wait until something has changed. Whoever waits looks for itself whether it was that.
final class Change {
  // Unsafe, that is unchecked, because a check costs an allocation a request: `tell` takes out what it resumes.
  private var waiting: [UnsafeContinuation<Void, Never>] = []

  func wait() async {
    await withUnsafeContinuation { waiting.append($0) }
  }

  func tell() {
    while let task = waiting.popLast() { task.resume() }
  }
}
