import HTTPTypes
import Hummingbird
import Program

/// An answer that is not what was asked for (RFC 9457), worded for the person who reads it.
struct Problem: Error, Sendable {
  let status: HTTPResponse.Status
  /// Stable: programs may rely on it.
  let code: String
  let dutch: Wording
  let english: Wording
  var faults: [Fault] = []
  /// 409: the states that the asker may bring it to instead.
  var allowed: [String]?
  var headers: HTTPFields = [:]

  struct Wording: Sendable {
    let title: String
    let detail: String
  }

  func wording(in language: Language) -> Wording {
    switch language {
    case .dutch: dutch
    case .english: english
    }
  }

  func response(in language: Language, requestID: RequestName) -> Response {
    var json = JSONText()
    let wording = wording(in: language)
    json.object {
      $0.member("type", "urn:beeld:problem:\(code)")
      $0.member("title", wording.title)
      $0.member("status", status.code)
      $0.member("detail", wording.detail)
      $0.member("code", code)
      $0.member("request_id", requestID.description)
      if let allowed {
        $0.key("allowed_transitions")
        $0.array { list in for state in allowed { list.string(state) } }
      }
      if !faults.isEmpty { write(faults, in: language, to: &$0) }
    }
    var headers = headers
    headers[.contentType] = "application/problem+json"
    headers[.contentLanguage] = language.rawValue
    headers[.cacheControl] = "no-store"
    return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: json.bytes)))
  }

  private func write(_ faults: [Fault], in language: Language, to json: inout JSONText) {
    json.key("errors")
    json.array { list in
      for fault in faults {
        list.object {
          switch fault.place {
          case .parameter(let name): $0.member("parameter", name)
          case .pointer(let pointer): $0.member("pointer", pointer)
          case .header(let name): $0.member("header", name)
          }
          $0.member("code", fault.code)
          $0.member("detail", language(dutch: fault.dutch, english: fault.english))
        }
      }
    }
  }
}
