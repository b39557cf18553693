//! `--help`, completions and the man page: printed from one definition.

use crate::support::Place;

#[test]
fn the_help_of_every_command_teaches_by_example() {
    let place = Place::new();
    for command in ["screen", "compare", "build", "entity", "completions", "man"] {
        let answer = place.run(&[command, "--help"]);
        assert_eq!((answer.status, answer.stderr.as_str()), (Some(0), ""), "{command}");
        assert!(
            answer.stdout.contains("Example") && answer.stdout.contains(&format!("  interdict {command}")),
            "{command}"
        );
    }
    for command in ["screen", "compare", "build", "entity"] {
        insta::assert_snapshot!(command, place.run(&[command, "--help"]).stdout);
    }
}

#[test]
fn the_first_help_names_every_command_and_the_exit_statuses() {
    let place = Place::new();
    let help = place.run(&["--help"]).stdout;
    for word in ["screen", "compare", "build", "lists", "entity", "completions", "man", "--data-dir", "Exit status: 0"]
    {
        assert!(help.contains(word), "{word}: {help}");
    }
    let lists = place.run(&["lists", "--help"]).stdout;
    for word in ["status", "diff", "show", "verify"] {
        assert!(lists.contains(word), "{word}: {lists}");
        assert!(place.run(&["lists", word, "--help"]).stdout.contains("--"), "{word}");
    }
    let short = place.run(&["screen", "-h"]).stdout;
    assert!(short.contains("--threshold"));
}

#[test]
fn completions_of_all_shells_name_the_commands() {
    let place = Place::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let answer = place.run(&["completions", shell]);
        assert_eq!(answer.status, Some(0));
        for word in ["screen", "compare", "build", "lists", "entity", "threshold"] {
            assert!(answer.stdout.contains(word), "{shell}: {word}");
        }
    }
    let unknown = place.run(&["completions", "tcsh"]);
    assert_eq!(unknown.status, Some(2));
    assert!(unknown.stderr.contains("bash"));
}

#[test]
fn the_man_page_has_every_command_and_option() {
    let page = Place::new().run(&["man"]).stdout;
    assert!(page.starts_with(".ie") || page.starts_with(".TH"), "roff: {}", &page[..40]);
    for word in ["interdict screen", "interdict compare", "interdict build", "interdict lists", "interdict entity"] {
        assert!(page.replace("\\-", "-").contains(word), "{word}");
    }
    for option in ["threshold", "exhaustive", "explain", "stats", "starter", "report", "origins", "data\\-dir"] {
        assert!(page.contains(option), "{option}");
    }
}

#[test]
fn a_mistyped_command_or_option_is_an_error_that_says_what_there_is() {
    let place = Place::new();
    for args in [&["scren", "x"][..], &["screen", "x", "--treshold", "1"], &[]] {
        let answer = place.run(args);
        assert_eq!(answer.status, Some(2), "{args:?}");
        assert!(answer.stdout.is_empty() && answer.stderr.contains("Usage:"), "{args:?}: {}", answer.stderr);
    }
}
