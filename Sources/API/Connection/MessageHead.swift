import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1

extension HTTPRequest {
  /// - Throws: `HTTP1TypeConversionError` when the method is no token.
  init(_ head: HTTPRequestHead) throws {
    guard head.uri.utf8.first == UInt8(ascii: "/") else {
      // With scheme and authority, or none of it: rare enough to be taken apart by Foundation.
      self = try HTTPRequest(head, secure: false, splitCookie: false)
      return
    }
    self.init(
      method: try Method(head.method), scheme: "http", authority: head.headers.first(name: "host"), path: head.uri,
      headerFields: HTTPFields(head.headers, splitCookie: false))
  }
}

extension HTTPRequestHead {
  var announcesBody: Bool { headers.contains(name: "content-length") || headers.contains(name: "transfer-encoding") }

  /// HTTP/1.0, or what calls itself older.
  var isFirstVersion: Bool { version.major < 1 || (version.major == 1 && version.minor == 0) }

  var awaitsContinue: Bool { !isFirstVersion && headers.first(name: "expect")?.lowercased() == "100-continue" }
}

/// What a request wants of its answer, apart from what is in it.
struct Manner {
  /// HTTP/1.0
  let isFirstVersion: Bool
  var keepsOpen: Bool
}

/// How the end of an answer's body is told (RFC 9112 §6.3).
enum Framing {
  /// No body follows, whatever the headers say.
  case none
  case length
  case chunked
  /// By the end of the connection: for clients that know no chunks.
  case connection

  init(of response: Response, toFirstVersion isFirstVersion: Bool) {
    let status = response.status
    if status == .noContent || status == .notModified || status.kind == .informational {
      self = .none
    } else if response.headers.contains(.contentLength) {
      self = .length
    } else {
      self = isFirstVersion ? .connection : .chunked
    }
  }
}

extension ByteBuffer {
  /// The status line and the headers, with those that belong to the connection.
  mutating func writeHead(of response: Response, _ framing: Framing, _ manner: Manner) {
    writeStaticString("HTTP/1.1 ")
    writeString(String(response.status.code))
    writeStaticString(" ")
    writeString(response.status.reasonPhrase)
    writeStaticString("\r\n")
    for field in response.headers where framing.permits(field.name) { write(field.name.rawName, field.value) }
    switch framing {
    case .chunked: writeStaticString("Transfer-Encoding: chunked\r\n")
    case .none, .length, .connection: break
    }
    if !manner.keepsOpen {
      writeStaticString("Connection: close\r\n")
    } else if manner.isFirstVersion {
      writeStaticString("Connection: keep-alive\r\n")
    }
    writeStaticString("\r\n")
  }

  mutating func writeChunk(_ bytes: ByteBuffer) {
    // An empty chunk would end the body.
    guard bytes.readableBytes > 0 else { return }
    writeString(String(bytes.readableBytes, radix: 16))
    writeStaticString("\r\n")
    writeImmutableBuffer(bytes)
    writeStaticString("\r\n")
  }

  mutating func writeLastChunk(_ trailers: HTTPFields?) {
    writeStaticString("0\r\n")
    for field in trailers ?? [:] { write(field.name.rawName, field.value) }
    writeStaticString("\r\n")
  }

  /// `HTTPField` holds no line breaks.
  private mutating func write(_ name: String, _ value: String) {
    writeString(name)
    writeStaticString(": ")
    writeString(value)
    writeStaticString("\r\n")
  }
}

extension Framing {
  /// What concerns the connection is decided here and not by who answers.
  fileprivate func permits(_ name: HTTPField.Name) -> Bool {
    switch name {
    case .connection, .transferEncoding: false
    case .contentLength: self == .length
    default: true
    }
  }
}
