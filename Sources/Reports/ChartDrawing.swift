import Program

/// A stacked bar chart, laid out: every position is a number that the template only writes down.
struct ChartDrawing {
  let title, description: String
  let width = Self.width
  let height: Int
  let kinds: [Summary.Chart.Kind]
  let bars: [Bar]
  /// The same in words and numbers, for those who cannot see the drawing.
  let rows: [Row]

  struct Bar {
    let label, total: String
    let labelX, totalX, textY, y, height: Int
    let segments: [Segment]
  }

  struct Segment {
    let tone, text: String
    let x, width, textX, y, textY, height: Int
  }

  struct Row {
    let label, total: String
    let parts: [String]
  }

  private static let width = 720
  private static let bar = (height: 26, step: 36)
  /// Beside the bars: between label and bar, and for the total.
  private static let margin = (label: 12, total: 62)
  /// Of a letter of a label, in pixels of the drawing, rather too wide than too narrow: what is cut off is not read.
  private static let letterWidth = 7
  /// The narrowest segment, in pixels of the drawing, for each digit of the number in it.
  private static let digitWidth = 9

  init(_ chart: Summary.Chart, _ wording: Wording) {
    title = chart.title
    description = chart.description
    kinds = chart.kinds
    height = max(chart.bars.count * Self.bar.step - (Self.bar.step - Self.bar.height), 0)
    let plot = Plot(of: chart)
    bars = chart.bars.enumerated().map { index, bar in
      Self.draw(bar, kinds: chart.kinds, y: index * Self.bar.step, in: plot, wording)
    }
    rows = chart.bars.map { bar in
      Row(label: bar.label, total: wording.number(bar.total), parts: bar.parts.map { wording.number($0) })
    }
  }

  /// Where the bars are: right of the longest label, and as wide as is left.
  private struct Plot {
    let left, width: Int
    private let longest: Int

    init(of chart: Summary.Chart) {
      left = (chart.bars.map(\.label.count).max() ?? 0) * letterWidth + margin.label
      width = ChartDrawing.width - left - margin.total
      longest = max(chart.bars.map(\.total).max() ?? 0, 1)
    }

    /// Edges are rounded, not widths, so that the parts of a bar always meet.
    func edge(_ count: Int) -> Int { left + (count * width + longest / 2) / longest }
  }

  private static func draw(
    _ bar: Summary.Chart.Bar, kinds: [Summary.Chart.Kind], y: Int, in plot: Plot, _ wording: Wording
  ) -> Bar {
    var before = 0
    var segments: [Segment] = []
    for (kind, part) in zip(kinds, bar.parts) where part > 0 {
      let (x, end) = (plot.edge(before), plot.edge(before + part))
      let text = wording.number(part)
      segments.append(
        Segment(
          tone: kind.tone, text: end - x >= text.count * digitWidth + 4 ? text : "", x: x, width: max(end - x, 1),
          textX: (x + end) / 2, y: y, textY: y + 18, height: self.bar.height))
      before += part
    }
    return Bar(
      label: bar.label, total: wording.number(bar.total), labelX: plot.left - margin.label,
      totalX: plot.edge(bar.total) + 9,
      textY: y + 18, y: y, height: self.bar.height, segments: segments)
  }
}
