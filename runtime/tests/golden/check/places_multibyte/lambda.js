const greeting = 'Grüße, 日本 😀'; nope(greeting);
function lambda(input, callback) { callback(null, '👩‍👩‍👧', missing); }
