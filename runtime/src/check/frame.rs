//! Draws the code frame of a finding: the lines around it, their numbers, and a marker underneath.
//!
//! The text of a lambda is untrusted and ends up in terminals, so nothing that a terminal would act on
//! passes through: control characters and invisible or direction-changing ones are spelt out.

use std::fmt::Write;

use super::position::{Lines, Position};

/// Lines shown before and after the marked one: three lines of context.
const BEFORE: u32 = 2;
const AFTER: u32 = 1;
/// Characters of a line that are shown. Longer lines (minified code) are clipped around the marker.
const WINDOW: usize = 100;
/// Of these, how many stand before the marker when a line is clipped.
const LEAD: usize = 40;
/// What a tab is shown as, wherever it stands.
const TAB: &str = "    ";

/// The frame for the span from `start` to `end`; no newline at its end.
pub(super) fn render(lines: &Lines<'_>, start: Position, end: Position) -> String {
    let first = start.line.saturating_sub(BEFORE).max(1);
    let mut last = (start.line + AFTER).min(lines.count());
    if last == lines.count() && last > start.line && lines.text(last).is_empty() {
        // What follows the last line terminator is no line to anyone but the parser.
        last -= 1;
    }
    let gutter = last.to_string().len();
    // All lines are seen through the same window, so that they stay aligned.
    let column = start.column as usize - 1;
    let skip = if column + LEAD < WINDOW { 0 } else { column - LEAD };
    let mut out = String::new();
    for number in first..=last {
        let marked = number == start.line;
        let _ = write!(out, "{} {number:>gutter$} |", if marked { '>' } else { ' ' });
        let shown = clip(lines.text(number), skip);
        if !shown.is_empty() {
            let _ = write!(out, " {shown}");
        }
        out.push('\n');
        if marked {
            let (indent, length) = marker(lines.text(number), skip, start, end);
            let _ = writeln!(out, "  {:gutter$} | {:indent$}{}", "", "", "^".repeat(length));
        }
    }
    out.pop();
    out
}

/// The part of a line that the window shows.
fn clip(text: &str, skip: usize) -> String {
    let mut out = String::new();
    let mut chars = text.chars().skip(skip);
    for c in chars.by_ref().take(WINDOW) {
        show(c, &mut out);
    }
    if chars.next().is_some() {
        out.push('…');
    }
    if skip > 0 && !out.is_empty() {
        out.insert(0, '…');
    }
    out
}

/// Indentation and length of the marker, in terminal columns.
fn marker(text: &str, skip: usize, start: Position, end: Position) -> (usize, usize) {
    let from = start.column as usize - 1;
    let to = if end.line == start.line { end.column as usize - 1 } else { usize::MAX };
    let columns = |from: usize, to: usize| -> usize {
        let mut shown = String::new();
        let shown_to = to.min(skip + WINDOW);
        for c in text.chars().skip(from).take(shown_to.saturating_sub(from)) {
            show(c, &mut shown);
        }
        shown.chars().map(width).sum()
    };
    (usize::from(skip > 0) + columns(skip, from), columns(from, to).max(1))
}

/// Appends a character the way a frame shows it.
fn show(c: char, out: &mut String) {
    match c {
        '\t' => out.push_str(TAB),
        // U+2400 on are pictures of the control characters.
        '\0'..='\u{1f}' => out.push(char::from_u32(0x2400 + u32::from(c)).unwrap_or('?')),
        '\u{7f}' => out.push('␡'),
        '\u{80}'..='\u{9f}'
        | '\u{ad}'
        | '\u{61c}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}' => {
            let _ = write!(out, "<U+{:04X}>", u32::from(c));
        }
        c => out.push(c),
    }
}

/// Columns a terminal gives a character: good enough to put a marker under the right one.
fn width(c: char) -> usize {
    match u32::from(c) {
        0x300..=0x36f | 0x1ab0..=0x1aff | 0x20d0..=0x20ff | 0xfe00..=0xfe0f | 0xfe20..=0xfe2f => 0,
        0x1100..=0x115f
        | 0x2e80..=0x303e
        | 0x3041..=0xa4cf
        | 0xac00..=0xd7a3
        | 0xf900..=0xfaff
        | 0xfe30..=0xfe6f
        | 0xff00..=0xff60
        | 0xffe0..=0xffe6
        | 0x1f300..=0x1f64f
        | 0x1f680..=0x1f6ff
        | 0x1f900..=0x1faff
        | 0x2_0000..=0x3_fffd => 2,
        _ => 1,
    }
}
