/// The page's style sheet: for the screen, and for A4 paper.
enum PageStyle {
  static let css = """
    :root { --ink: #1d2327; --soft: #5d666d; --faint: #a3aab0; --line: #d9dde0; --alarm: #9d2b1c; --accent: #11515c; }
    * { box-sizing: border-box; }
    html { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
    body { margin: 0 auto; max-width: 60rem; padding: 3.5rem 2rem 4rem; background: #fff; color: var(--ink);
      font: 400 15px/1.5 "Source Sans 3", "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", Arial, sans-serif;
      font-variant-numeric: lining-nums tabular-nums; }
    h1, h2, .lead, .figures dd { font-family: "Source Serif 4", "Iowan Old Style", Charter, Georgia,
      "Liberation Serif", serif; font-weight: 400; }
    h1 { font-size: 2.35rem; line-height: 1.15; letter-spacing: -.01em; margin: .35rem 0 .5rem; text-wrap: balance; }
    h2 { font-size: 1.35rem; line-height: 1.25; margin: 0 0 .25rem; }
    section, footer { margin-top: 3rem; }
    header { border-top: 3px solid var(--accent); padding-top: 1rem; }
    .kind { margin: 0; color: var(--accent); font-size: .82rem; font-weight: 600; letter-spacing: .04em; }
    .date, .note { margin: 0; color: var(--soft); }
    .late { color: var(--alarm); }
    .late::before { content: "· "; color: var(--soft); }
    .lead { font-size: 1.22rem; line-height: 1.5; margin: 1.4rem 0 0; max-width: 42em; text-wrap: pretty; }
    .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(8rem, 1fr)); margin: 2rem 0 0;
      border-top: 1px solid var(--line); border-bottom: 1px solid var(--line); }
    .figures div { padding: .8rem .9rem .9rem; border-left: 1px solid var(--line); }
    .figures div:first-child { padding-left: 0; border-left: 0; }
    .figures dt { font-size: .82rem; font-weight: 600; }
    .figures dd { margin: 0; font-size: 1.9rem; line-height: 1.25; }
    .figures small { display: block; margin-top: .15rem; color: var(--soft);
      font: 400 .78rem/1.35 "Source Sans 3", "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", Arial,
        sans-serif; }
    .figures .alarm dt, .figures .alarm dd { color: var(--alarm); }
    .figures .alarm dt::before { content: "\\25B2\\2009"; font-size: .7em; vertical-align: .1em; }
    .figures .alarm small { color: var(--soft); }
    figure { margin: 1rem 0 0; }
    .legend { display: flex; flex-wrap: wrap; gap: .25rem 1.2rem; list-style: none; margin: 0 0 1rem; padding: 0;
      font-size: .85rem; }
    .legend svg { margin-right: .4rem; vertical-align: -1px; }
    .chart { display: block; width: 100%; height: auto; font-size: 13px; }
    .chart text { fill: var(--ink); text-anchor: middle; }
    .chart .label { text-anchor: end; }
    .chart .total { text-anchor: start; fill: var(--soft); }
    .chart .on-covered { fill: #fff; }
    .covered { fill: #17616c; } .covered_late { fill: #7fb2b3; } .recorded { fill: #d6a93c;
      } .planned { fill: #f0dca4; }
    .serious { fill: #9d2b1c; } .attention { fill: #d6a93c; } .fine { fill: #dfe2e4; }
    .chart .on-serious { fill: #fff; }
    .open { fill: #dfe2e4; } .exempt { fill: #fff; stroke: #a3aab0; stroke-width: 1; }
    table { width: 100%; border-collapse: collapse; font-size: .88rem; line-height: 1.35; }
    th, td { padding: .38rem .5rem; text-align: left; vertical-align: baseline; font-weight: 400;
      border-bottom: 1px solid var(--line); }
    thead th { color: var(--soft); font-size: .78rem; line-height: 1.2; vertical-align: bottom;
      border-bottom: 1px solid var(--ink); }
    thead td { border-bottom: 1px solid var(--ink); }
    th:first-child, td:first-child { padding-left: 0; }
    th:last-child, td:last-child { padding-right: 0; }
    .number { text-align: right; white-space: nowrap; }
    .counts thead tr:first-child > * { border-bottom: 0; padding-bottom: 0; }
    .counts .group { font-weight: 600; color: var(--ink); padding-left: 1.2rem; }
    .counts th.number { padding-left: .2rem; }
    .counts .first { padding-left: 1.2rem; }
    .counts .bar { display: block; width: 4.5rem; height: .6rem; }
    .counts th[scope=row], .counts th[scope=col]:first-child { width: 25%; }
    .counts th.number { white-space: normal; }
    .zero { color: var(--faint); }
    .counts td.alarm { color: var(--alarm); font-weight: 700; }
    .sum > * { border-top: 1px solid var(--ink); border-bottom: 0; font-weight: 600; }
    .code { color: var(--soft); font-size: .8em; white-space: nowrap; }
    /* As wide as its columns need and the window allows, in the middle; a list without breaking its lines. */
    .wide { width: min-content; min-width: 100%; max-width: calc(100vw - 4rem); margin-left: 50%;
      transform: translateX(-50%); overflow-x: auto; }
    .wide.rows { width: max-content; }
    table.rows { margin-top: .6rem; font-size: .82rem; }
    table.rows td, table.rows thead th { padding-left: .4rem; padding-right: .4rem; }
    table.rows thead th:first-child { padding-left: 0; }
    table.rows td:last-child, table.rows thead th:last-child { padding-right: 0; }
    table.rows time, table.rows td.number { white-space: nowrap; }
    table.rows tbody th[scope=row] { min-width: 9em; }
    table.rows .group th { padding: 1.3rem 0 .4rem; font-weight: 600; font-size: .95rem; border-bottom-color: var(--ink); }
    table.rows .overdue .group th, table.rows .at_risk .group th, table.rows .new .group th { color: var(--alarm); }
    table.rows .overdue .group th::before, table.rows .at_risk .group th::before,
    table.rows .new .group th::before { content: "\\25B2\\2009"; font-size: .7em; vertical-align: .1em; }
    .count { color: var(--soft); font-weight: 400; margin-left: .3em; }
    .terms dl { columns: 2; column-gap: 3rem; margin: .8rem 0 0; font-size: .88rem; }
    .terms div { break-inside: avoid; margin-bottom: .7rem; }
    .terms dt, .origin dt { font-weight: 600; }
    .terms dd, .origin dd { margin: 0; color: var(--soft); }
    footer { border-top: 1px solid var(--line); padding-top: 1.2rem; font-size: .85rem; }
    .origin { display: grid; grid-template-columns: repeat(4, auto); gap: .6rem 2rem; margin: .6rem 0 .8rem; }
    .origin .hash { grid-column: 1 / -1; }
    code { font: .82rem/1.4 "Source Code Pro", "SF Mono", Consolas, "Liberation Mono", monospace;
      overflow-wrap: anywhere; }
    .confidential { margin-top: .5rem; color: var(--ink); }
    .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
      white-space: nowrap; }
    @media screen and (max-width: 48rem) {
      body { padding: 2rem 1.1rem 3rem; }
      .wide { max-width: calc(100vw - 2.2rem); }
      .figures { grid-template-columns: repeat(2, 1fr); }
      .figures div { padding-left: .6rem; }
      .terms dl { columns: 1; }
      .origin { grid-template-columns: repeat(2, auto); }
    }
    @media print {
      @page { size: A4; margin: 17mm 15mm 19mm; }
      @page rows { size: A4 landscape; }
      section.rows { page: rows; }
      .wide, .wide.rows { width: auto; max-width: none; margin-left: 0; transform: none; overflow-x: visible; }
      table.rows { font-size: 7.6pt; }
      @page { @bottom-right { content: counter(page) " / " counter(pages); font: 8pt sans-serif; color: #5d666d; }
        @bottom-left { font: 8pt sans-serif; color: #5d666d; } }
      body { max-width: none; padding: 0; font-size: 9.6pt; }
      h1 { font-size: 21pt; }
      section, footer { margin-top: 9mm; }
      h2, .note, .group { break-after: avoid; }
      .sum { break-before: avoid; }
      figure, tr, .figures, footer { break-inside: avoid; }
      thead { display: table-header-group; }
      a { color: inherit; text-decoration: none; }
    }
    """
}
