extension ReferencePage {
  /// Complete in itself: no script, no font, nothing from elsewhere.
  static let template = """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>beeld: reference</title>
    <style>
    body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1b1b1b; }
    code, pre { font: 14px/1.5 ui-monospace, monospace; }
    h2 { border-bottom: 2px solid #1b1b1b; margin-top: 3rem; }
    article { margin: 2rem 0; }
    h3 { margin-bottom: .25rem; }
    table { border-collapse: collapse; width: 100%; }
    th { text-align: left; padding: .5rem 1rem .25rem 0; }
    td { vertical-align: top; border-top: 1px solid #ccc; padding: .25rem 1rem .25rem 0; }
    pre { background: #f4f4f2; padding: .75rem; overflow-x: auto; white-space: pre-wrap; }
    nav a { margin-right: 1rem; }
    @media (prefers-color-scheme: dark) {
      body { background: #16181a; color: #e6e6e6; } h2 { border-color: #e6e6e6; } pre { background: #24272a; }
      a { color: #8ab8ff; } td { border-color: #444; }
    }
    </style>
    </head>
    <body>
    <h1>beeld: reference</h1>
    <p>Made by the server from its own routes; for programs there is <a href="/openapi.json">/openapi.json</a>. Send
    <code>Authorization: Bearer …</code>. Dates are <code>YYYY-MM-DD</code> in Europe/Amsterdam, instants are UTC,
    <code>until</code> is exclusive. Lists come in pages: <code>next</code> is the value of <code>after</code>. A change
    needs the <code>ETag</code> as <code>If-Match</code>; a <code>POST</code> with an <code>Idempotency-Key</code> is done
    once. What you may not see does not exist.</p>
    <nav>{{#sections}}<a href="#{{tag}}">{{tag}}</a> {{/sections}}</nav>
    {{#sections}}
    <section id="{{tag}}">
    <h2>{{tag}}</h2>
    {{#routes}}
    <article id="{{name}}">
    <h3><code>{{method}} {{path}}</code></h3>
    <p>{{summary}}, {{who}}. {{about}}</p>
    <table>
    {{#parameters}}<tr><td><code>?{{name}}</code></td><td>{{kind}}</td><td>{{about}}</td></tr>
    {{/parameters}}
    {{#fields}}<tr><td>body <code>{{name}}</code></td><td>{{kind}}</td><td>{{about}}</td></tr>
    {{/fields}}
    {{#answer}}<tr><td>answer <code>{{name}}</code></td><td>{{kind}}</td><td>{{about}}</td></tr>
    {{/answer}}
    <tr><td>problems</td><td colspan="2">{{problems}}</td></tr>
    </table>
    {{#example}}<pre>{{.}}</pre>{{/example}}
    </article>
    {{/routes}}
    </section>
    {{/sections}}
    </body>
    </html>
    """
}
