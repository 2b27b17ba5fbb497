/** Masses, lengths, volumes and energy as people write them beside a number, and what a claim calls them. Gallons differ by country. */
const spelled: Readonly<Record<string, string>> = {
  kg: "kg kilo kilos kilogram kilograms kilogramme kilogrammes kilogramm kilogramo kilogramos chilo chili chilogrammo chilogrammi quilo quilos quilogramas",
  g: "gram grams gramme grammes gramm gramo gramos grammo grammi grama gramas",
  mg: "mg milligram milligrams milligramm milligrammes miligramos",
  t: "tonne tonnes tons tonnen toneladas tonelada tonnellata tonnellate ton",
  lb: "lb lbs",
  oz: "oz ounces ounce",
  km: "km kilometre kilometres kilometer kilometers kilometern kilomètre kilomètres kilómetros chilometri quilómetros quilômetros kilometre",
  m: "metre metres meter meters metern mètre mètres metros metri",
  cm: "cm centimetre centimetres zentimeter centimètres centímetros centimetri centimeter",
  mm: "mm millimetre millimetres millimeter millimètres milímetros millimetri",
  mi: "mi mile miles meilen milles millas miglia milhas",
  ft: "ft feet",
  ml: "ml millilitre millilitres milliliter mililitros millilitri",
  cl: "cl centilitre centilitres",
  l: "litre litres liter liters litern litro litros litri",
  hl: "hl hectolitre hectolitres hektoliter hectolitros ettolitri",
  m3: "m³ m3 cbm",
  Wh: "wh",
  kWh: "kwh kilowattstunden",
  MWh: "mwh megawattstunden",
  GWh: "gwh gigawattstunden",
  m2: "m² m2 sqm qm",
  ha: "ha hectares hectare hektar hectáreas ettari",
  km2: "km² km2",
};

export const spelledUnits: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(spelled).flatMap(([unit, words]) => words.split(" ").map((word) => [word, unit])),
);
