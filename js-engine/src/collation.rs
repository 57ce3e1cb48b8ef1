//! What comes before what, for js/intl_collation.js: Unicode's order, which is that of English, by the crate
//! `icu_collator`. Its tables are constants of the engine, and an order is made when it is first asked for, so a lambda
//! that compares nothing has nothing of them in its memory.

use std::cell::RefCell;
use std::cmp::Ordering;

use icu_collator::options::{AlternateHandling, CaseLevel, CollatorOptions, Strength};
use icu_collator::provider::{
    Baked, CollationDiacriticsV1, CollationJamoV1, CollationMetadataV1, CollationReorderingV1,
    CollationRootV1, CollationSpecialPrimariesV1, CollationTailoringV1,
};
use icu_collator::{Collator, CollatorPreferences};
use icu_locale_core::Locale;
use icu_normalizer::provider::{Baked as Normal, NormalizerNfdDataV1, NormalizerNfdTablesV1};
use icu_provider::prelude::{DataError, DataErrorKind, DataMarker, DataProvider, DataRequest, DataResponse};
use javy::quickjs::{Ctx, Error, Function, Object, String as JsString};

use crate::values::with_utf8;

/// The tables of the crates without what single languages change, which is most of their size: 0.9 MB.
struct Common;

macro_rules! common {
    ($source:ident: $($marker:ty),*) => {
        $(impl DataProvider<$marker> for Common {
            fn load(&self, request: DataRequest<'_>) -> Result<DataResponse<$marker>, DataError> {
                $source.load(request)
            }
        })*
    };
}
common!(Baked: CollationDiacriticsV1, CollationJamoV1, CollationMetadataV1, CollationReorderingV1);
common!(Baked: CollationRootV1, CollationSpecialPrimariesV1);
common!(Normal: NormalizerNfdDataV1, NormalizerNfdTablesV1);

impl DataProvider<CollationTailoringV1> for Common {
    fn load(&self, request: DataRequest<'_>) -> Result<DataResponse<CollationTailoringV1>, DataError> {
        Err(DataErrorKind::IdentifierNotFound.with_req(CollationTailoringV1::INFO, request))
    }
}

struct Order {
    /// What it was asked for by: a language tag, a sensitivity, and whether punctuation is ignored.
    asked: (String, String, bool),
    collator: Collator,
}

thread_local! {
    /// What was asked for so far; JavaScript knows an order by its place here. Each is here once, and what JavaScript
    /// asks by are tags of English with one of six endings.
    static ORDERS: RefCell<Vec<Order>> = const { RefCell::new(Vec::new()) };
}

/// Defines `collatorOpen`, `collatorCompare`.
pub fn define<'js>(ctx: &Ctx<'js>, natives: &Object<'js>) -> Result<(), Error> {
    natives.set("collatorOpen", Function::new(ctx.clone(), open)?)?;
    natives.set("collatorCompare", Function::new(ctx.clone(), compare)?)
}

fn open(tag: String, sensitivity: String, ignores_punctuation: bool) -> Result<usize, Error> {
    let asked = (tag, sensitivity, ignores_punctuation);
    ORDERS.with_borrow_mut(|orders| {
        if let Some(place) = orders.iter().position(|order| order.asked == asked) {
            return Ok(place);
        }
        let collator = collator(&asked.0, &asked.1, ignores_punctuation).ok_or(Error::Unknown)?;
        orders.push(Order { asked, collator });
        Ok(orders.len() - 1)
    })
}

/// None if the tag is none, or one of another language.
fn collator(tag: &str, sensitivity: &str, ignores_punctuation: bool) -> Option<Collator> {
    let locale: Locale = tag.parse().ok()?;
    let mut options = CollatorOptions::default();
    options.strength = Some(match sensitivity {
        "base" | "case" => Strength::Primary,
        "accent" => Strength::Secondary,
        _ => Strength::Tertiary,
    });
    options.case_level = (sensitivity == "case").then_some(CaseLevel::On);
    options.alternate_handling =
        Some(if ignores_punctuation { AlternateHandling::Shifted } else { AlternateHandling::NonIgnorable });
    Collator::try_new_unstable(&Common, CollatorPreferences::from(&locale), options).ok()
}

/// -1, 0 or 1. Lone surrogates count as the character that replaces them.
fn compare<'js>(order: usize, left: JsString<'js>, right: JsString<'js>) -> Result<i32, Error> {
    let ordering = with_utf8(left, |left| {
        with_utf8(right, |right| {
            ORDERS.with_borrow(|orders| {
                orders
                    .get(order)
                    .map_or(Ordering::Equal, |order| order.collator.as_borrowed().compare_utf8(left, right))
            })
        })
    });
    Ok(ordering?? as i32)
}
