//! The list of routes, out of which routers are made: axum does not tell what it routes, and a table of rights that
//! nobody can compare with the routes is a table with holes.

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
pub(crate) struct Routes(Vec<Route>);

struct Route {
    method: Method,
    path: String,
    handler: MethodRouter<Arc<Host>>,
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
        let inner = inner.0.into_iter();
        self.0.extend(inner.map(|route| Route { path: format!("{path}{}", route.path), ..route }));
        self
    }

    /// Without the routes that somebody does not want.
    pub(crate) fn only(mut self, wanted: impl Fn(&Method, &str) -> bool) -> Self {
        self.0.retain(|route| wanted(&route.method, &route.path));
        self
    }

    pub(crate) fn into_router(self) -> Router<Arc<Host>> {
        self.0.into_iter().fold(Router::new(), |router, route| router.route(&route.path, route.handler))
    }

    /// Method and pattern of every route.
    #[cfg(test)]
    pub(crate) fn list(self) -> Vec<(String, String)> {
        self.0.into_iter().map(|route| (route.method.to_string(), route.path)).collect()
    }

    fn add(mut self, method: Method, path: &str, handler: MethodRouter<Arc<Host>>) -> Self {
        self.0.push(Route { method, path: path.to_owned(), handler });
        self
    }
}
