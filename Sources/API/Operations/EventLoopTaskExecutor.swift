import NIOCore

/// Runs tasks on the event loop that reads and writes their connections: a request is then parsed, answered and
/// written by one thread, and only the database's thread is between.
///
/// Everything below must never block, as everywhere on an event loop; nothing of the server does.
final class EventLoopTaskExecutor: TaskExecutor {
  private let loop: any EventLoop

  init(_ loop: any EventLoop) {
    self.loop = loop
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}
