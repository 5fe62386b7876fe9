import HTTPTypes
import Mustache
import Program

/// The reference as a page for people, made from the same routes as the document.
struct ReferencePage {
  let table: RouteTable

  /// The page, in UTF-8.
  /// - Throws: when the template is no template, which a test would show.
  func bytes() throws -> [UInt8] {
    let template = try MustacheTemplate(string: Self.template)
    return Array(template.render(Page(table)).utf8)
  }

  private struct Page {
    let sections: [Section]

    init(_ table: RouteTable) {
      let tags = table.routes.reduce(into: [String]()) { if !$0.contains($1.tag) { $0.append($1.tag) } }
      sections = tags.map { tag in Section(tag: tag, routes: table.routes.filter { $0.tag == tag }.map(Entry.init)) }
    }
  }

  private struct Section {
    let tag: String
    let routes: [Entry]
  }

  private struct Entry {
    let name: String
    let method: String
    let path: String
    let summary: String
    let about: String
    let who: String
    let parameters: [Line]
    let fields: [Line]
    let answer: [Line]
    let problems: String
    let example: String

    init(_ route: Route) {
      name = route.name
      method = route.method.rawValue
      path = route.path
      summary = route.summary
      about = route.about
      who = route.access == .open ? "anybody" : "with a token"
      parameters = route.parameters.map(Line.init)
      fields = route.form.map { form, act in Line.lines(of: form.shape(for: act)) } ?? []
      answer = route.shapes.flatMap(Line.lines)
      problems = route.problems.map(String.init).joined(separator: ", ")
      example = route.form.map { form, act in form.example(for: act).compact } ?? ""
    }
  }

  private struct Line {
    let name: String
    let kind: String
    let about: String

    init(_ member: Shape.Member) {
      name = member.name
      kind = member.shape.phrase + (member.isRequired ? "" : ", optional")
      about = member.about
    }

    static func lines(of shape: Shape) -> [Line] {
      switch shape {
      case .named(_, let shape): lines(of: shape)
      case .object(let members): members.map(Line.init)
      case .either(let shapes):
        shapes.flatMap(lines).reduce(into: []) { known, line in
          if !known.contains(where: { $0.name == line.name }) { known.append(line) }
        }
      default: []
      }
    }
  }
}

extension Route {
  /// The form that its body fills in.
  fileprivate var form: (Form, Form.Act)? {
    switch body {
    case .form(let form, let act): (form, act)
    case .transition(let states): (Self.transitionForm(states), .creation)
    case .file, nil: nil
    }
  }
}

extension Shape {
  /// The shape in words.
  fileprivate var phrase: String {
    switch self {
    case .id: "id"
    case .date: "date"
    case .instant: "instant"
    case .label, .text, .prose, .pattern: "text"
    case .choice(let choices): choices.joined(separator: " | ")
    case .integer: "whole number"
    case .decimal, .number: "number"
    case .flag: "true or false"
    case .null: "null"
    case .list(let item), .several(let item, _): "list of " + item.phrase
    case .object, .map, .either: "object"
    case .nullable(let shape): shape.phrase + " or null"
    case .named(let name, _): name
    }
  }
}

extension JSONValue {
  fileprivate var compact: String {
    var text = JSONText()
    text.value(self)
    return String(decoding: text.bytes, as: UTF8.self)
  }
}
