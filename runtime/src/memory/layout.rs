//! Which page of a linear memory comes from where: zero, the base image, or the lambda's own pages.

/// Bytes of a host page. Checked against the system's when the runtime starts.
pub(crate) const PAGE: usize = 4096;

/// Where the pages of a [`Segment`] come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// Fresh zero pages.
    Zero,
    /// Pages of the arena, from this page number on.
    Arena(usize),
}

/// Consecutive pages `start..end` of a linear memory with one source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Segment {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) source: Source,
}

/// Consecutive pages to lay over a layout: `start..start + count` come from the arena at `arena`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) start: usize,
    pub(crate) count: usize,
    pub(crate) arena: usize,
}

/// The complete description of a linear memory's first contents: segments without gaps or overlaps, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Layout {
    segments: Vec<Segment>,
}

impl Layout {
    /// `pages` zero pages.
    pub(crate) fn zero(pages: usize) -> Self {
        Self { segments: vec![Segment { start: 0, end: pages, source: Source::Zero }] }
    }

    /// Length in pages.
    pub(crate) fn pages(&self) -> usize {
        self.segments.last().map_or(0, |s| s.end)
    }

    pub(crate) fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// This layout, at least `pages` long, with `runs` on top. Runs are sorted and do not overlap.
    pub(crate) fn overlay(&self, pages: usize, runs: &[Run]) -> Self {
        let mut below = self.segments.clone();
        if pages > self.pages() {
            below.push(Segment { start: self.pages(), end: pages, source: Source::Zero });
        }
        let mut segments = Vec::with_capacity(below.len() + 2 * runs.len());
        let mut runs = runs.iter().copied().peekable();
        for segment in below {
            let mut at = segment.start;
            while at < segment.end {
                // A run may cover several segments: it is emitted whole where it begins, and later
                // segments start behind it.
                if let Some(covered) = segments.last().map(|s: &Segment| s.end)
                    && covered > at
                {
                    at = covered.min(segment.end);
                    continue;
                }
                let next = runs.peek().copied().filter(|run| run.start < segment.end);
                let until = next.map_or(segment.end, |run| run.start);
                if until > at {
                    segments.push(segment.part(at, until));
                    at = until;
                }
                if let Some(run) = next {
                    let end = run.start + run.count;
                    segments.push(Segment { start: run.start, end, source: Source::Arena(run.arena) });
                    runs.next();
                    at = end.min(segment.end);
                }
            }
        }
        Self { segments }
    }

    /// Index of the segment that holds `page`.
    pub(crate) fn segment_at(&self, page: usize) -> usize {
        self.segments.partition_point(|s| s.end <= page)
    }
}

impl Segment {
    /// The pages `start..end` of this segment.
    fn part(self, start: usize, end: usize) -> Self {
        Self { start, end, source: self.source_at(start) }
    }

    /// The source of the segment as seen from `page` on.
    pub(crate) fn source_at(self, page: usize) -> Source {
        match self.source {
            Source::Zero => Source::Zero,
            Source::Arena(at) => Source::Arena(at + (page - self.start)),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The layout page by page: what an overlay must agree with.
    fn flat(layout: &Layout) -> Vec<Source> {
        let mut out = Vec::new();
        for s in layout.segments() {
            assert_eq!(s.start, out.len(), "gap or overlap");
            out.extend((s.start..s.end).map(|p| s.source_at(p)));
        }
        out
    }

    prop_compose! {
        fn runs(limit: usize)(cuts in prop::collection::btree_set(0..limit, 0..12)) -> Vec<Run> {
            let cuts: Vec<_> = cuts.into_iter().collect();
            cuts.chunks_exact(2).enumerate()
                .map(|(i, c)| Run { start: c[0], count: c[1] - c[0], arena: 1000 * (i + 1) })
                .collect()
        }
    }

    proptest! {
        #[test]
        fn an_overlay_is_the_page_wise_replacement(base in runs(60), top in runs(90), grow in 60..90_usize) {
            let base = Layout::zero(60).overlay(60, &base);
            let got = base.overlay(grow.max(top.last().map_or(0, |r| r.start + r.count)), &top);
            let mut want = flat(&base);
            want.resize(got.pages(), Source::Zero);
            for run in &top {
                for i in 0..run.count {
                    want[run.start + i] = Source::Arena(run.arena + i);
                }
            }
            prop_assert_eq!(flat(&got), want);
            for page in 0..got.pages() {
                let s = got.segments()[got.segment_at(page)];
                prop_assert!(s.start <= page && page < s.end);
            }
        }
    }
}
