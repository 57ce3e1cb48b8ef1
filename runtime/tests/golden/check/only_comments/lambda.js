// Coming soon.
/* really */
