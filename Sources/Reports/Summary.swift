/// What a page says before its list.
public struct Summary: Sendable {
  /// The whole in one or two sentences.
  public var lead: String
  public var figures: [Figure]
  public var chart: Chart?
  public var table: Table?
  /// Words that a reader may not know, and what they mean here.
  public var terms: [Term]

  public struct Figure: Sendable {
    public var value: String
    public var label: String
    /// What stands small below it.
    public var note: String
    /// Asks for attention: drawn so, and marked with a sign for those who see no colours.
    public var isAlarming = false
  }

  public struct Term: Sendable {
    public var term: String
    public var meaning: String
  }

  /// Bars that each part a whole into the same kinds.
  public struct Chart: Sendable {
    public var title: String
    /// For those who cannot see it: what it shows.
    public var description: String
    public var kinds: [Kind]
    public var bars: [Bar]

    public struct Kind: Sendable {
      public var label: String
      /// A name of the style sheet's palette.
      public var tone: String
    }

    public struct Bar: Sendable {
      public var label: String
      /// As many as there are kinds.
      public var parts: [Int]
      public var total: Int { parts.reduce(0, +) }
    }
  }

  /// Figures in rows, each with its own bar.
  public struct Table: Sendable {
    public var title: String
    /// What the rows are: the heading above their names.
    public var name: String
    public var columns: [Column]
    public var rows: [Row]

    public struct Column: Sendable {
      public var label: String
      /// Neighbours of one group share a heading.
      public var group: String?
    }

    public struct Row: Sendable {
      public var name: String
      /// What stands small beside the name.
      public var note: String
      /// As many as there are columns.
      public var cells: [Cell]
      /// The parts of its bar, in the chart's kinds.
      public var parts: [Int]
      public var isTotal = false
    }

    public struct Cell: Sendable {
      public var text: String
      public var isZero = false
      public var isAlarming = false
    }
  }
}
