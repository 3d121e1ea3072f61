/// What stands around the content of every page: head, bar, footer, script. One file that loads nothing.
struct HTMLFrame {
  /// What the page is, in the bar: `report`, `diff`.
  let kind: String
  let title: String

  /// Nothing may be loaded or run but the page's own style and script, which are told by their hashes: even if text from a trace became
  /// markup, it could do nothing.
  private static let policy =
    "default-src 'none'; script-src '\(PageScript.hash)'; style-src '\(PageStyle.hash)'; img-src data:; base-uri 'none'; "
    + "form-action 'none'"
  /// Three calls, one in the other.
  private static let icon =
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath fill='%234477aa' d='M1 2h14v3H1z'/%3E"
    + "%3Cpath fill='%23ddaa33' d='M1 6.5h9v3H1z'/%3E%3Cpath fill='%23bb5566' d='M1 11h4v3H1z'/%3E%3C/svg%3E"

  func begin(_ html: inout HTMLWriter) {
    html.raw("<!doctype html>\n")
    html.begin("html", ["lang": "en"])
    html.element("head") { html in
      html.element("meta", ["charset": "utf-8"])
      html.element("meta", ["http-equiv": "Content-Security-Policy", "content": Self.policy])
      html.element("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"])
      html.element("meta", ["name": "color-scheme", "content": "light dark"])
      html.element("meta", ["name": "referrer", "content": "no-referrer"])
      html.element("meta", ["name": "generator", "content": "kvm-inittrace"])
      html.element("title", title)
      html.element("link", ["rel": "icon", "href": Self.icon])
      html.begin("style")
      html.raw(PageStyle.text)
      html.end("style")
    }
    html.begin("body")
    html.element("a", ["class": "skip", "href": "#main"], "Skip to the verdict")
    html.element("header", ["class": "bar"]) { html in
      html.element("h1") { html in
        html.element("span", ["class": "product"], "kvm-inittrace")
        html.text(" " + kind)
      }
      // The script's controls come here.
      html.element("div", ["id": "controls", "class": "controls"])
    }
    html.begin("main", ["id": "main"])
  }

  func end(_ html: inout HTMLWriter) {
    html.end("main")
    html.element("footer") { html in
      html.element(
        "p",
        "Made by kvm-inittrace. This page is one file: it loads nothing, and sends nothing. Functions link to the kernel's cross-reference at "
          + "elixir.bootlin.com; a link is followed only when you choose it.")
    }
    html.element("div", ["id": "status", "class": "hidden-text", "role": "status", "aria-live": "polite"])
    html.begin("script")
    html.raw(PageScript.text)
    html.end("script")
    html.end("body")
    html.end("html")
    html.raw("\n")
  }
}
