// Made by scripts/generate-page from web/.

/// The style of the pages.
enum PageStyle {
  /// What the page's policy knows it by.
  static let hash = "sha256-+sGrfoYUvnscKOEO67Rs4gIimisG1WS/1+MeRsWp+ko="

  static let text = #"""
    :root {
      color-scheme: light dark;
      --ground: #ffffff; --panel: #f5f7f9; --line: #d5dbe1; --text: #1b2026; --quiet: #56606b; --link: #0a58a6; --focus: #0a58a6;
      --good: #1a6a35; --bad: #b01c14; --bad-ground: #fdf0ef; --warn: #855000; --track: #e9edf1;
      --irq: rgba(140, 60, 150, 0.28); --asleep: rgba(90, 105, 120, 0.16); --lost: rgba(190, 30, 20, 0.35);
      --none: #dfe3e8; --match: #ffd33d; --on-fill: #14171a;
      --s0: #77aadd; --s1: #eedd88; --s2: #44bb99; --s3: #ffaabb; --s4: #99ddff; --s5: #bbcc33; --s6: #c9b3e6;
      --mono: ui-monospace, "SFMono-Regular", "Cascadia Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace;
      --sans: system-ui, -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", Roboto, Helvetica, Arial, sans-serif;
    }
    @media (prefers-color-scheme: dark) {
      :root:not([data-theme="light"]) {
        --ground: #14171b; --panel: #1c2026; --line: #343b44; --text: #e4e7eb; --quiet: #a0a9b4; --link: #80b8f7; --focus: #80b8f7;
        --good: #6cc98d; --bad: #ff938a; --bad-ground: #2b1a1a; --warn: #e2b04a; --track: #262c33;
        --irq: rgba(214, 150, 225, 0.34); --asleep: rgba(160, 175, 190, 0.17); --lost: rgba(255, 130, 120, 0.4); --none: #8a95a3;
        --s0: #6a98c6; --s1: #cdbf75; --s2: #3da588; --s3: #dc93a2; --s4: #85bedb; --s5: #a3b22f; --s6: #ac99c6;
      }
    }
    :root[data-theme="light"] { color-scheme: light; }
    :root[data-theme="dark"] {
      color-scheme: dark;
      --ground: #14171b; --panel: #1c2026; --line: #343b44; --text: #e4e7eb; --quiet: #a0a9b4; --link: #80b8f7; --focus: #80b8f7;
      --good: #6cc98d; --bad: #ff938a; --bad-ground: #2b1a1a; --warn: #e2b04a; --track: #262c33;
      --irq: rgba(214, 150, 225, 0.34); --asleep: rgba(160, 175, 190, 0.17); --lost: rgba(255, 130, 120, 0.4); --none: #8a95a3;
      --s0: #6a98c6; --s1: #cdbf75; --s2: #3da588; --s3: #dc93a2; --s4: #85bedb; --s5: #a3b22f; --s6: #ac99c6;
    }
    * { box-sizing: border-box; }
    html { scroll-padding-top: 52px; }
    body {
      margin: 0; background: var(--ground); color: var(--text); font: 14px/20px var(--sans); font-variant-numeric: tabular-nums;
      -webkit-text-size-adjust: 100%;
    }
    main, footer { max-width: 1240px; margin: 0 auto; padding: 0 24px; }
    h1, h2, h3, h4, p, ul, ol, dl, dd { margin: 0; }
    h3 { margin: 32px 0 8px; font-size: 14px; line-height: 20px; }
    h4 { margin: 12px 0 4px; font-size: 13px; }
    code { font: 12px/18px var(--mono); overflow-wrap: anywhere; }
    a { color: var(--link); text-underline-offset: 2px; }
    a.source { color: inherit; text-decoration-color: var(--line); }
    a.source:hover { color: var(--link); text-decoration-color: currentColor; }
    :focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; border-radius: 2px; }
    .quiet:not(tr) { color: var(--quiet); }
    .good:not(tr) { color: var(--good); }
    .bad:not(tr) { color: var(--bad); }
    .warn:not(tr) { color: var(--warn); }
    .hidden-text { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
    .skip { position: absolute; left: -9999px; }
    .skip:focus { left: 8px; top: 8px; z-index: 3; padding: 8px 12px; background: var(--ground); border: 1px solid var(--line); }
    .bar {
      position: sticky; top: 0; z-index: 2; display: flex; align-items: center; gap: 16px; min-height: 44px; padding: 4px 24px;
      background: var(--ground); border-bottom: 1px solid var(--line);
    }
    .bar h1 { flex: 1; font-size: 13px; font-weight: 400; color: var(--quiet); }
    .product { font-weight: 600; color: var(--text); }
    .controls { display: flex; gap: 8px; flex-wrap: wrap; }
    button, input[type="search"] { font: inherit; font-size: 13px; color: var(--text); }
    button {
      min-height: 28px; padding: 2px 10px; border: 1px solid var(--line); border-radius: 4px; background: var(--ground); cursor: pointer;
    }
    button:hover:not(:disabled) { background: var(--panel); border-color: var(--quiet); }
    button:disabled { color: var(--quiet); cursor: default; }
    input[type="search"] { min-height: 28px; padding: 2px 8px; border: 1px solid var(--quiet); border-radius: 4px; background: var(--ground); }
    input[type="checkbox"] { accent-color: var(--link); }
    footer { padding-top: 32px; padding-bottom: 24px; font-size: 12px; line-height: 18px; color: var(--quiet); }
    @media screen { .scripted .explanations { display: none; } }
    .run { padding-top: 24px; }
    .run + .run { margin-top: 48px; border-top: 1px solid var(--line); }
    nav.runs { padding-top: 24px; }
    nav.runs ul { margin: 0; padding: 0; list-style: none; }
    .source { color: var(--quiet); font: 12px/18px var(--mono); overflow-wrap: anywhere; }
    .verdict { margin: 4px 0 8px; font-size: 20px; line-height: 28px; font-weight: 600; text-wrap: balance; overflow-wrap: anywhere; }
    .verdict .duration { font-weight: 400; color: var(--quiet); white-space: nowrap; }
    .integrity { margin: 8px 0; padding: 0; list-style: none; color: var(--warn); font-weight: 600; }
    .reason { font-weight: 600; }
    .facts, .remark { color: var(--quiet); max-width: 100ch; }
    .no-timeline { margin-top: 16px; }
    .failure { margin-top: 16px; padding: 12px 16px 16px; background: var(--bad-ground); border-left: 4px solid var(--bad); }
    .failure h3 { margin: 0 0 8px; font-size: 16px; line-height: 22px; overflow-wrap: anywhere; }
    .failure h3 a { color: inherit; }
    .path { margin: 0 0 12px; padding: 0; list-style: none; }
    .path li { overflow-wrap: anywhere; }
    .path li + li::before { content: "└ "; color: var(--quiet); font-family: var(--mono); }
    .path li:last-child code { font-weight: 700; }
    .result { font: 12px/18px var(--mono); color: var(--quiet); }
    .result.bad { color: var(--bad); font-weight: 700; }
    dl { display: grid; grid-template-columns: minmax(96px, max-content) 1fr; gap: 4px 16px; }
    dt { color: var(--quiet); }
    dd { min-width: 0; overflow-wrap: anywhere; white-space: pre-line; max-width: 100ch; }
    dt:not(:first-child) ~ dd { grid-column: 2; }
    dd { grid-column: 2; }
    .log { font: 12px/20px var(--mono); }
    .sides { margin: 8px 0; }
    .path .d2 { padding-left: 16px; }
    .path .d3 { padding-left: 32px; }
    .path .d4 { padding-left: 48px; }
    .path .d5 { padding-left: 64px; }
    .path .d6 { padding-left: 80px; }
    .path .d7 { padding-left: 96px; }
    .path .d8 { padding-left: 112px; }
    .path .d9 { padding-left: 128px; }
    .path .d10 { padding-left: 144px; }
    .path .d11 { padding-left: 160px; }
    .path .d12 { padding-left: 176px; }
    .explanation { padding: 8px 0 16px; border-top: 1px solid var(--line); }
    .explanation h3 { margin-top: 8px; }
    .explanations > h2 { margin: 48px 0 12px; font-size: 16px; }
    .explanation p { max-width: 100ch; }
    .explanation ol { padding-left: 20px; }
    .explanation li { margin-bottom: 8px; }
    .explanation dd { font-size: 13px; }
    .scroll { overflow-x: auto; }
    table { border-collapse: collapse; width: 100%; font-size: 13px; line-height: 18px; }
    th, td { padding: 3px 8px; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
    th:first-child, td:first-child { padding-left: 4px; }
    thead th { position: relative; color: var(--quiet); font-weight: 400; font-size: 12px; white-space: nowrap; border-bottom-color: var(--quiet); }
    tbody th { font-weight: 400; }
    tbody tr:hover { background: var(--panel); }
    .number { text-align: right; white-space: nowrap; }
    thead button { min-height: 24px; margin: -3px -6px; padding: 0 6px; border: 0; background: none; color: inherit; font-size: 12px; }
    thead button::after { content: " "; display: inline-block; width: 10px; text-align: right; }
    th[aria-sort="ascending"] button, th[aria-sort="descending"] button { color: var(--text); font-weight: 600; }
    th[aria-sort="ascending"] button::after { content: "↑"; }
    th[aria-sort="descending"] button::after { content: "↓"; }
    .section { color: var(--quiet); white-space: nowrap; }
    .status { white-space: nowrap; }
    .sign { display: inline-block; width: 12px; text-align: center; font-weight: 700; }
    tr.good > .status { color: var(--good); }
    tr.bad > .status { color: var(--bad); font-weight: 600; }
    tr.warn > .status { color: var(--warn); }
    tr.quiet > .status { color: var(--quiet); }
    .stage { min-width: 220px; }
    .stage .explain { color: var(--text); text-decoration-color: var(--line); }
    .stage .explain:hover { color: var(--link); }
    .stage .function, .stage .function a { color: var(--quiet); }
    .stage .function code { font-size: 11px; }
    .stage .remark { padding-left: 16px; font-size: 12px; line-height: 16px; }
    .swatch { display: inline-block; width: 10px; height: 10px; margin-right: 6px; border-radius: 2px; background: transparent; }
    .swatch.s0 { background: var(--s0); } .swatch.s1 { background: var(--s1); } .swatch.s2 { background: var(--s2); }
    .swatch.s3 { background: var(--s3); } .swatch.s4 { background: var(--s4); } .swatch.s5 { background: var(--s5); }
    .swatch.s6 { background: var(--s6); }
    th.l1 { padding-left: 24px; } th.l2 { padding-left: 40px; } th.l3 { padding-left: 56px; } th.l4 { padding-left: 72px; }
    th.l5 { padding-left: 88px; } th.l6 { padding-left: 104px; } th.l7 { padding-left: 120px; } th.l8 { padding-left: 136px; }
    .sorted th.stage { padding-left: 8px; }
    .culprit { background: var(--bad-ground); }
    .culprit > :first-child, .on-path > :first-child { box-shadow: inset 3px 0 var(--bad); }
    .culprit .stage .explain { font-weight: 700; }
    .share { width: 168px; min-width: 96px; padding-top: 7px; }
    .share svg, .pair svg { display: block; overflow: hidden; }
    .track { fill: var(--track); }
    .stage-table .bar { fill: var(--quiet); stroke: var(--quiet); stroke-width: 1; position: static; }
    .switch { margin-bottom: 4px; color: var(--quiet); }
    .switch label { padding-left: 4px; }
    .stages:not(:has(.all-stages:checked)) .untold { display: none; }
    .group { margin-top: 4px; font-size: 12px; line-height: 18px; color: var(--quiet); max-width: 130ch; }
    .explained > td { padding: 8px 16px 16px 40px; background: var(--panel); }
    .explained > td > div { position: sticky; left: 16px; max-width: min(100ch, calc(100vw - 56px)); }
    .explained h3 { display: none; }
    .explained .tools { display: flex; gap: 8px; margin-bottom: 8px; }
    .explained .explanation { padding: 0; border: 0; }
    .pair { width: 120px; min-width: 80px; padding-top: 7px; }
    .pair .before { fill: var(--s0); } .pair .after { fill: var(--s1); }
    .why { color: var(--quiet); min-width: 200px; }
    .call-table .call { white-space: nowrap; }
    .call.d1 { padding-left: 24px; } .call.d2 { padding-left: 40px; } .call.d3 { padding-left: 56px; }
    .call.d4 { padding-left: 72px; } .call.d5 { padding-left: 88px; } .call.d6 { padding-left: 104px; }
    .call.d7 { padding-left: 120px; } .call.d8 { padding-left: 136px; } .call.d9 { padding-left: 152px; }
    .call.d10 { padding-left: 168px; } .call.d11 { padding-left: 184px; } .call.d12 { padding-left: 200px; }
    .call-context { color: var(--quiet); }
    .call-added > .status, .call-added > .call { color: var(--good); }
    .call-removed > .status, .call-removed > .call { color: var(--bad); font-weight: 400; }
    .call-count > .status, .call-moved > .status { color: var(--warn); }
    .event-table { width: auto; }
    .lanes { display: flex; }
    .lane-names { flex: none; font: 12px var(--sans); }
    .lane-names text { fill: var(--quiet); }
    .drawing { flex: 1; min-width: 0; overflow: hidden; font: 11px var(--sans); }
    .drawing .mark { stroke: var(--line); }
    .drawing .axis { fill: var(--quiet); font-variant-numeric: tabular-nums; }
    .drawing .asleep { fill: var(--asleep); }
    .drawing .interrupts { fill: var(--irq); }
    .drawing .lost { fill: var(--lost); }
    .drawing .span { overflow: hidden; }
    .drawing .span rect { fill: var(--none); stroke: var(--none); stroke-width: 1; }
    .drawing .s0 rect { fill: var(--s0); stroke: var(--s0); } .drawing .s1 rect { fill: var(--s1); stroke: var(--s1); }
    .drawing .s2 rect { fill: var(--s2); stroke: var(--s2); } .drawing .s3 rect { fill: var(--s3); stroke: var(--s3); }
    .drawing .s4 rect { fill: var(--s4); stroke: var(--s4); } .drawing .s5 rect { fill: var(--s5); stroke: var(--s5); }
    .drawing .s6 rect { fill: var(--s6); stroke: var(--s6); }
    .drawing .axis.last { text-anchor: end; }
    .drawing .on-path rect { stroke: var(--bad); stroke-width: 2; }
    .drawing .culprit rect { stroke: var(--bad); stroke-width: 4; }
    .drawing .span text { fill: var(--on-fill); pointer-events: none; }
    .drawing.live .span { cursor: pointer; }
    .legend { display: flex; flex-wrap: wrap; gap: 4px 16px; margin-top: 8px; padding: 0; list-style: none; font-size: 12px; color: var(--quiet); }
    .key { display: inline-block; width: 16px; height: 10px; margin-right: 6px; }
    .key.interrupts { background: var(--irq); } .key.asleep { background: var(--asleep); } .key.lost { background: var(--lost); }
    .share .s0 .bar { fill: var(--s0); stroke: var(--s0); } .share .s1 .bar { fill: var(--s1); stroke: var(--s1); }
    .share .s2 .bar { fill: var(--s2); stroke: var(--s2); } .share .s3 .bar { fill: var(--s3); stroke: var(--s3); }
    .share .s4 .bar { fill: var(--s4); stroke: var(--s4); } .share .s5 .bar { fill: var(--s5); stroke: var(--s5); }
    .share .s6 .bar { fill: var(--s6); stroke: var(--s6); }
    .call-tools { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; margin: 8px 0; }
    .call-tools input[type="search"] { width: 220px; }
    .call-tools .count { color: var(--quiet); font-size: 12px; }
    .call-tools label { color: var(--quiet); }
    .canvas { position: relative; border: 1px solid var(--line); border-radius: 4px; overflow: hidden; }
    .canvas canvas { display: block; width: 100%; touch-action: pan-y; }
    .tip {
      position: absolute; z-index: 1; max-width: min(480px, 90%); padding: 4px 8px; pointer-events: none; font-size: 12px; line-height: 16px;
      background: var(--text); color: var(--ground); border-radius: 4px; overflow-wrap: anywhere;
    }
    .tip[hidden] { display: none; }
    .keys { margin-top: 4px; font-size: 12px; color: var(--quiet); }
    kbd { padding: 0 4px; border: 1px solid var(--line); border-radius: 3px; font: 11px/16px var(--mono); }
    .call-details {
      display: grid; grid-template-columns: minmax(0, 2fr) minmax(0, 3fr); gap: 0 24px; align-content: start; margin-top: 8px; padding: 12px 16px;
      background: var(--panel); border-radius: 4px;
    }
    .trail, .call-details h4 { grid-column: 1 / -1; }
    .call-details h4 { margin: 0 0 8px; font-size: 14px; overflow-wrap: anywhere; }
    .call-details h4 code { font-size: 13px; }
    .trail { display: flex; flex-wrap: wrap; gap: 0 4px; margin-bottom: 4px; padding: 0; list-style: none; font-size: 12px; }
    .trail li + li::before { content: "› "; color: var(--quiet); }
    .link { min-height: 0; padding: 0; border: 0; background: none; color: var(--link); text-align: left; text-decoration: underline; }
    .link:hover:not(:disabled) { background: none; }
    .trail .link, .children .link { font: 12px/18px var(--mono); overflow-wrap: anywhere; }
    .call-details dl { align-content: start; grid-template-columns: max-content 1fr; margin-bottom: 8px; font-size: 13px; }
    .call-details .scroll { max-height: 264px; overflow: auto; }
    .children caption { padding: 0 4px 2px; text-align: left; color: var(--quiet); font-size: 12px; }
    @media (max-width: 640px) {
      main, footer { padding-left: 12px; padding-right: 12px; }
      .bar { padding: 4px 12px; gap: 8px; }
      .verdict { font-size: 17px; line-height: 24px; }
      .lane-names { display: none; }
      .stage-table .share, .stage-table th:nth-child(6) { display: none; }
      .stage { min-width: 168px; }
      th.l1, th.l2, th.l3, th.l4, th.l5, th.l6, th.l7, th.l8 { padding-left: 16px; }
      .explained > td { padding-left: 12px; }
      dl { grid-template-columns: 1fr; gap: 0; }
      dd, dt:not(:first-child) ~ dd { grid-column: 1; margin-bottom: 8px; }
      .path .d4, .path .d5, .path .d6, .path .d7, .path .d8, .path .d9, .path .d10, .path .d11, .path .d12 { padding-left: 40px; }
      .controls { flex-wrap: nowrap; gap: 4px; }
      .bar button { padding: 2px 6px; font-size: 12px; white-space: nowrap; }
      .bar .product { display: none; }
      .call-details { display: block; padding: 12px; }
      .call-tools input[type="search"] { width: 100%; }
    }
    @media (prefers-reduced-motion: no-preference) {
      html { scroll-behavior: smooth; }
    }
    @media (forced-colors: active) {
      .swatch, .key, .drawing rect, .share rect { forced-color-adjust: none; }
    }
    @media print {
      :root, :root[data-theme="dark"], :root:not([data-theme="light"]) {
        color-scheme: light;
        --ground: #ffffff; --panel: #ffffff; --line: #c4cad1; --text: #000000; --quiet: #454d56; --link: #000000;
        --good: #14592b; --bad: #a01810; --bad-ground: #ffffff; --warn: #704300; --track: #eef1f4; --none: #dfe3e8;
        --s0: #77aadd; --s1: #eedd88; --s2: #44bb99; --s3: #ffaabb; --s4: #99ddff; --s5: #bbcc33; --s6: #c9b3e6;
      }
      * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
      body { font-size: 10pt; line-height: 14pt; }
      main, footer { max-width: none; padding: 0; }
      .bar { position: static; padding: 0; }
      .controls, .skip, .call-tools, .keys, .switch, .tip, .tools, .needs-script, .explained, .explanation.aside { display: none; }
      thead button { border: 0; }
      .stages:not(:has(.all-stages:checked)) .untold { display: table-row; }
      .scroll { overflow: visible; }
      table { font-size: 8pt; line-height: 11pt; }
      thead { display: table-header-group; }
      tr, .failure, .timeline, .explanation dl > * { break-inside: avoid; }
      h2, h3, h4 { break-after: avoid; }
      .share, .pair { width: 90px; }
      .explanations { break-before: page; }
    }
    """#
}
