//! The router, and beside it the list of what it routes: axum does not tell, and a table of rights that nobody can
//! compare with the routes is a table with holes.

use std::sync::Arc;

use axum::{
    Router,
    handler::Handler,
    http::Method,
    routing::{MethodRouter, delete, get, post, put},
};

use crate::host::Host;

/// Routes under construction.
#[derive(Default)]
pub(crate) struct Routes {
    router: Router<Arc<Host>>,
    list: Vec<(Method, String)>,
}

impl Routes {
    pub(crate) fn get<H: Handler<T, Arc<Host>>, T: 'static>(self, path: &str, handler: H) -> Self {
        self.add(Method::GET, path, get(handler))
    }

    pub(crate) fn post<H: Handler<T, Arc<Host>>, T: 'static>(self, path: &str, handler: H) -> Self {
        self.add(Method::POST, path, post(handler))
    }

    pub(crate) fn put<H: Handler<T, Arc<Host>>, T: 'static>(self, path: &str, handler: H) -> Self {
        self.add(Method::PUT, path, put(handler))
    }

    pub(crate) fn delete<H: Handler<T, Arc<Host>>, T: 'static>(self, path: &str, handler: H) -> Self {
        self.add(Method::DELETE, path, delete(handler))
    }

    /// Everything of another set, under a path.
    pub(crate) fn nest(mut self, path: &str, inner: Self) -> Self {
        self.list.extend(inner.list.into_iter().map(|(method, route)| (method, format!("{path}{route}"))));
        self.router = self.router.nest(path, inner.router);
        self
    }

    pub(crate) fn into_router(self) -> Router<Arc<Host>> {
        self.router
    }

    /// Method and pattern of every route.
    #[cfg(test)]
    pub(crate) fn list(self) -> Vec<(String, String)> {
        self.list.into_iter().map(|(method, route)| (method.to_string(), route)).collect()
    }

    fn add(mut self, method: Method, path: &str, handler: MethodRouter<Arc<Host>>) -> Self {
        self.list.push((method, path.to_owned()));
        self.router = self.router.route(path, handler);
        self
    }
}
