function lambda() { throw new Error('in line 1'); }
