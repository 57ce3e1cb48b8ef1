//! Lists for people: one line per thing, its words under each other.

use serde_json::Value;

use super::report::EscapeControls as _;

/// Lines with a column for each of the keys. What others have written cannot control the terminal.
pub(super) fn columns(list: &Value, keys: &[&str]) -> String {
    let rows: Vec<Vec<String>> = list
        .as_array()
        .into_iter()
        .flatten()
        .map(|row| keys.iter().map(|key| word(&row[*key])).collect())
        .collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let widths: Vec<usize> = (0..keys.len()).map(width).collect();
    let mut text = String::new();
    for row in &rows {
        let mut line = String::new();
        for (word, width) in row.iter().zip(&widths) {
            line.push_str(word);
            line.extend(std::iter::repeat_n(' ', width - word.chars().count() + 2));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// A value as one word: lists with commas, nothing as a dash.
fn word(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::String(text) if text.is_empty() => "-".to_owned(),
        Value::String(text) => text.escape_controls(),
        Value::Array(values) => values.iter().map(word).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn words_stand_under_each_other() {
        let list = json!([
            { "name": "a", "permissions": ["LPA", "FaaS-Admin"], "on": true },
            { "name": "long\u{1b}[31m", "permissions": [], "on": null },
        ]);
        assert_eq!(
            columns(&list, &["name", "permissions", "on"]),
            "a               LPA,FaaS-Admin  true\nlong\\u{1b}[31m                  -\n"
        );
    }
}
