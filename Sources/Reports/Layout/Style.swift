/// What a piece of text means; the palette decides how it looks.
enum Style: Sendable {
  case plain
  case strong
  case faint
  case good
  case bad
  case warning
  case heading
}

/// Escape sequences for styles, or nothing where colour is not wanted. No meaning is carried by colour alone.
struct Palette: Sendable {
  var isOn: Bool

  /// The sequence that starts `style`, empty for plain text.
  func start(_ style: Style) -> String {
    guard isOn else { return "" }
    return switch style {
    case .plain: ""
    case .strong: "\u{1B}[1m"
    case .faint: "\u{1B}[2m"
    case .good: "\u{1B}[32m"
    case .bad: "\u{1B}[1;31m"
    case .warning: "\u{1B}[33m"
    case .heading: "\u{1B}[1;36m"
    }
  }

  func end(_ style: Style) -> String { isOn && style != .plain ? "\u{1B}[0m" : "" }
}
