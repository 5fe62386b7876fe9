import Mustache

/// The page's markup, in Mustache: what is above the list, the list's pieces, and what is below.
///
/// In pieces, because the rows are written as they come from the database.
struct PageTemplate: Sendable {
  let head, groupBegin, rows, groupEnd, foot: MustacheTemplate

  /// - Throws: an error of the parser, when a text below is not Mustache.
  init() throws {
    head = try MustacheTemplate(string: Self.headText)
    groupBegin = try MustacheTemplate(string: Self.groupBeginText)
    rows = try MustacheTemplate(string: Self.rowsText)
    groupEnd = try MustacheTemplate(string: "</tbody>\n")
    foot = try MustacheTemplate(string: Self.footText)
  }

  private static let headText = """
    <!doctype html>
    <html lang="{{page.language}}">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light">
    <title>{{page.title}} · {{page.date}}</title>
    <style>
    @page { @bottom-left { content: "{{page.footer}}"; } }
    {{{page.style}}}
    </style>
    </head>
    <body>
    <header>
    <p class="kind">{{page.words.kind}}</p>
    <h1>{{page.title}}</h1>
    <p class="date">{{page.words.asOf}} <time datetime="{{page.isoDate}}">{{page.date}}</time>\
    {{#page.isLate}} <span class="late">{{page.words.late}}</span>{{/page.isLate}}</p>
    <p class="lead">{{page.lead}}</p>
    </header>
    <main>
    <dl class="figures">
    {{#page.figures}}
    <div{{#isAlarming}} class="alarm"{{/isAlarming}}><dt>{{label}}</dt><dd>{{value}}<small>{{note}}</small></dd></div>
    {{/page.figures}}
    </dl>
    {{#page.chart}}<section>
    <h2 id="chart">{{page.chart.title}}</h2>
    <p class="note">{{page.chart.description}}</p>
    <figure aria-labelledby="chart">
    <ul class="legend" aria-hidden="true">
    {{#page.chart.kinds}}
    <li><svg width="12" height="12"><rect width="12" height="12" class="{{tone}}"/></svg>{{label}}</li>
    {{/page.chart.kinds}}
    </ul>
    <svg class="chart" viewBox="0 0 {{page.chart.width}} {{page.chart.height}}" aria-hidden="true">
    {{#page.chart.bars}}
    <text class="label" x="{{labelX}}" y="{{textY}}">{{label}}</text>
    {{#segments}}
    <rect class="{{tone}}" x="{{x}}" y="{{y}}" width="{{width}}" height="{{height}}"/>\
    <text class="on-{{tone}}" x="{{textX}}" y="{{textY}}">{{text}}</text>
    {{/segments}}
    <text class="total" x="{{totalX}}" y="{{textY}}">{{total}}</text>
    {{/page.chart.bars}}
    </svg>
    <table class="unseen">
    <caption>{{page.chart.title}}</caption>
    <thead><tr><td></td>{{#page.chart.kinds}}<th scope="col">{{label}}</th>{{/page.chart.kinds}}\
    <th scope="col">=</th></tr></thead>
    <tbody>
    {{#page.chart.rows}}
    <tr><th scope="row">{{label}}</th>{{#parts}}<td>{{.}}</td>{{/parts}}<td>{{total}}</td></tr>
    {{/page.chart.rows}}
    </tbody>
    </table>
    </figure>
    </section>{{/page.chart}}
    {{#page.table}}<section class="wide">
    <h2 id="table">{{page.table.title}}</h2>
    <table class="counts" aria-labelledby="table">
    <thead>
    <tr><td colspan="2"></td>{{#page.table.groups}}{{#isEmpty}}<td colspan="{{span}}"></td>{{/isEmpty}}{{^isEmpty}}\
    <th class="group" scope="colgroup" colspan="{{span}}">{{label}}</th>{{/isEmpty}}{{/page.table.groups}}</tr>
    <tr><th scope="col">{{page.table.name}}</th><td></td>{{#page.table.columns}}\
    <th class="number{{#isFirst}} first{{/isFirst}}" scope="col">{{label}}</th>{{/page.table.columns}}</tr>
    </thead>
    <tbody>
    {{#page.table.rows}}
    <tr{{#isTotal}} class="sum"{{/isTotal}}><th scope="row"><bdi>{{name}}</bdi> <span class="code">{{note}}</span></th>\
    <td><svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">{{#segments}}\
    <rect class="{{tone}}" x="{{x}}" width="{{width}}" height="10"/>{{/segments}}</svg></td>{{#cells}}\
    <td class="number{{#isFirst}} first{{/isFirst}}{{#isZero}} zero{{/isZero}}{{#isAlarming}} alarm{{/isAlarming}}">\
    {{text}}</td>\
    {{/cells}}</tr>
    {{/page.table.rows}}
    </tbody>
    </table>
    </section>{{/page.table}}
    <section class="wide rows">
    <h2 id="rows">{{page.listTitle}}</h2>
    {{^page.hasRows}}<p class="note">{{page.noRows}}</p>{{/page.hasRows}}
    {{#page.hasRows}}<table class="rows" aria-labelledby="rows">
    <thead><tr>{{#columns}}<th scope="col"{{#isNumber}} class="number"{{/isNumber}}>{{label}}</th>{{/columns}}</tr></thead>\
    {{/page.hasRows}}

    """

  private static let groupBeginText = """
    <tbody class="{{value}}">
    <tr class="group"><th scope="rowgroup" colspan="{{span}}">{{title}} <span class="count">{{count}}</span></th></tr>

    """

  /// Without blanks between them, so that what stands in a cell is its text and nothing else.
  private static let rowsText = """
    {{#rows}}
    <tr{{#hasKey}} id="{{key}}"{{/hasKey}}>{{#cells}}{{#isHeading}}<th scope="row">{{/isHeading}}\
    {{^isHeading}}<td{{#isNumber}} class="number"{{/isNumber}}>{{/isHeading}}\
    {{#isName}}<data value="{{value}}"><bdi>{{text}}</bdi></data>{{#hasCode}} <span class="code">{{code}}</span>{{/hasCode}}{{/isName}}\
    {{#isDate}}<time datetime="{{value}}">{{text}}</time>{{/isDate}}\
    {{#isData}}<data value="{{value}}">{{text}}</data>{{/isData}}\
    {{#isHeading}}</th>{{/isHeading}}{{^isHeading}}</td>{{/isHeading}}{{/cells}}</tr>
    {{/rows}}

    """

  private static let footText = """
    {{#page.hasRows}}</table>{{/page.hasRows}}
    </section>
    {{#page.hasTerms}}<section class="terms">
    <h2>{{page.words.terms}}</h2>
    <dl>
    {{#page.terms}}
    <div><dt>{{term}}</dt><dd>{{meaning}}</dd></div>
    {{/page.terms}}
    </dl>
    </section>{{/page.hasTerms}}
    </main>
    <footer>
    <h2>{{page.words.origin}}</h2>
    <dl class="origin">
    {{#page.origin}}
    <div><dt>{{name}}</dt><dd>{{value}}</dd></div>
    {{/page.origin}}
    <div class="hash"><dt>{{page.words.hash}}</dt><dd><code>{{page.rowHash}}</code></dd></div>
    </dl>
    <p class="note">{{page.words.hashMeaning}}</p>
    <p class="note confidential">{{page.words.confidential}}</p>
    </footer>
    </body>
    </html>

    """
}
