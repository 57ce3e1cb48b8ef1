const dotenv = require('dotenv');

const lambda = async () => [
  dotenv.parse('# comment\nBASIC=basic\nexport AFTER=x\nEMPTY=\nQUOTED="two\\nlines"\nSINGLE=\'a "b"\'\nSPACED =  some text  \nJSON={"foo": "bar"}\nHASH=a#b\nEQUALS=a==b\nMAIL=me@example.com\r\nNOT A LINE'),
  dotenv.parse(Buffer.from('A=ü')),
];
