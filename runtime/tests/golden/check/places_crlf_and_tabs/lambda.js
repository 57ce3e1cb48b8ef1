const a = 1;
	const b = nope;
		function lambda(input, callback) {
			callback(null,	a + b + 1 nope);
		}
