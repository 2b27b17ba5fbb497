/** Which words a number stands behind as a figure, and which as a label: "revenue 412", "sold 412", but "fermenter 6". */

const setOf = (...lists: string[]): ReadonlySet<string> => new Set(lists.join(" ").split(" "));

/** Words of the languages of reports that name no thing: articles, prepositions, conjunctions, pronouns, adverbs. */
const determiners = setOf(
  "the a an this that these those our your his her its their my each every another which no any same new old next last first second third other",
  "der die das den dem des ein eine einen einem einer eines dieser diese dieses diesen diesem unser unsere unserem unseren ihr kein keine",
  "le la les l un une des du au aux ce cet cette notre nos votre son sa leur el los las un una unos este esta nuestro nuestra su al del",
  "il lo gli i uno questo questa nostro nostra al allo alla ai dal dallo dalla nel nello nella sul sulla dello della dei degli delle",
  "o os as um uma do da dos das no na nos nas ao à pelo pela het een de dit deze ons onze den det en ett denna detta vår",
);
const prepositions = setOf(
  "in on at to from into onto for of by with per under over via near behind beside between after before since until through within without against about and or & but than as",
  "an auf aus bei mit nach von vor zu zum zur im am vom beim ins ans über unter für gegen ohne seit bis durch und oder aber als",
  "en dans sur sous pour par avec sans vers chez depuis et ou mais que à de d con por para sin sobre hasta desde entre y e o u pero",
  "di da per tra fra su ed ma com sem até op aan bij naar uit voor met van tot en of maar på i av för från till med och men til fra og ved",
);
const adverbs = setOf(
  "is are was were be been being has have had do does did will would can could may might must shall should not only just about around some nearly almost over under up down out off",
  "back further additional extra away ahead later earlier instead maybe perhaps probably remaining entire whole full final",
  "now then still already again today yesterday tomorrow tonight so far there here also too even all both together altogether roughly approximately approx circa ca exactly currently plus minus times",
  "more less fewer than least most top nor yet ever once twice half day night morning evening noon afternoon hour month quarterly winter summer spring autumn",
  "i you he she it we they who what when where if while because only worth due like",
  "monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec",
  "ist sind war waren wird werden wurde wurden hat haben hatte hatten nur noch schon etwa rund circa heute gestern morgen jetzt nun davon insgesamt dann wieder auch nicht mehr weniger knapp gut fast genau bereits aktuell derzeit wir sie er es ich",
  "montag dienstag mittwoch donnerstag freitag samstag sonntag januar februar märz mai juni juli oktober dezember monat stand",
  "est sont était étaient a ont avait avons seulement environ encore déjà hier aujourd hui demain dont soit plus moins près presque nous ils elles il elle on reste restent fut y compris",
  "lundi mardi mercredi jeudi vendredi samedi dimanche janvier février mars avril mai juin juillet août septembre octobre novembre décembre mois",
  "es son fue fueron era eran hay había ha han hemos solo sólo ya hoy ayer mañana unos unas casi más menos aún todavía queda quedan no se lunes martes miércoles jueves viernes sábado domingo mes",
  "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
  "è sono era erano ha hanno abbiamo solo ancora già oggi ieri domani circa quasi più meno sono non si ci lunedì martedì mercoledì giovedì venerdì sabato domenica mese",
  "gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre",
  "é são foi foram há tem têm temos só apenas já hoje ontem amanhã quase mais menos janeiro fevereiro março maio junho julho setembro outubro novembro dezembro mês",
  "is zijn was waren heeft hebben slechts nog al vandaag gisteren morgen ongeveer bijna nu meer minder er var är har hade bara redan idag igår ungefär nästan nu mer mindre blev",
);
/** Verbs behind which an amount stands, but for those that their ending shows. */
const verbs = setOf(
  "sold won lost got get gets had saw see made make hit took take gave give sent send paid pay spent spend brought bring drew left leave kept keep met ran held hold fell rose grew grow beat lent built build did",
  "bought found shot cost costs read said shipped add expect need want count counts charge owe hire reach hits shows show equals equal becomes became stood stands totals comprises handles served serve logged told wrote",
  "process handle ship sell close open deliver produce train recruit reduce increase raise save answer launch finish complete review buy earn lose win send hire borrow lend invest donate move moves print bake brew",
  "verkauft hatten zählte zählt betrug beträgt brachte erreichte kostet kosten macht machte gab gibt vendu atteint compte coûte vaut fait vendido cuesta suma venduto costa vale conta kost telt kostar",
);
/** Nouns in the singular that name what is measured, beside the company's own metrics. */
const measures = setOf(
  "revenue revenues turnover profit loss losses margin income cost spend spending expense outlay price fee salary wage pay bonus budget cash debt balance credit debit total subtotal sum amount volume value worth number quantity qty count tally figure",
  "average mean median maximum minimum max min avg peak low high record net gross rate ratio share percentage growth rise drop fall increase decrease change gain deficit surplus shortfall backlog churn retention conversion attendance headcount staff",
  "stock inventory output yield scrap waste throughput capacity load usage utilisation utilization occupancy coverage uptime downtime latency delay duration time age length width height depth weight size mass speed distance temperature pressure humidity",
  "rework fat protein sugar alcohol moisture torque voltage current runtime bonus fine damage export import spoilage breakage shrinkage wastage shortage leakage deposit refund",
  "traffic reach engagement demand supply consumption mileage fuel energy power score rating satisfaction nps csat accuracy precision recall damage footfall takings demand pipeline bookings arr mrr gmv ebit ebitda basket attrition absence turnout overtime",
  "income interest tax vat rent tip discount target goal limit plan forecast estimate quota population membership circulation rainfall crew audience crowd frequency level dose strength duty",
  "umsatz gewinn verlust marge kosten preis gehalt lohn budget summe gesamt menge anzahl zahl wert betrag bestand lager ausschuss ertrag auslastung belegung quote rate anteil zuwachs rückgang dauer zeit gewicht größe temperatur verbrauch belegschaft krankenstand durchschnitt mittel ziel limit kapital schulden guthaben saldo miete steuer eigenkapital personal durchsatz",
  "chiffre revenu bénéfice perte marge coût prix montant somme total nombre quantité valeur stock taux part hausse baisse durée poids taille moyenne médiane effectif fréquentation occupation budget solde dette loyer rendement consommation",
  "ingreso ingresos beneficio pérdida margen coste costo precio importe suma número cantidad valor stock tasa cuota subida bajada duración peso tamaño media mediana plantilla ocupación presupuesto saldo deuda alquiler rendimiento consumo facturación",
  "ricavo ricavi utile perdita margine costo prezzo importo somma totale numero quantità valore scorta tasso quota aumento calo durata dimensione media mediana organico occupazione bilancio debito affitto resa consumo fatturato incasso",
  "receita lucro prejuízo margem custo preço montante soma quantia valor estoque taxa aumento queda duração tamanho média saldo dívida aluguel consumo faturamento omzet winst verlies kosten prijs bedrag som aantal waarde voorraad omsättning vinst förlust kostnad pris belopp summa antal värde lager",
);
/** What bears numbers wherever it stands: of a house, a document, a plan, a journey; in the singular. Others are known by where they stand. */
const labels = setOf(
  "dkt dept docket op cit cf lin",
  "abbildung abs absatz abschnitt account aisle alinéa allegato andar andén anexo anlage annex annexe apartado apartamento apartment app appendix apt art",
  "article articolo artigo artikel artículo asiento attempt auftrag axis bahnsteig banchina band batch bay bed berth bestelling bestellung bett bijlage",
  "bin binario bl bladzijde block boat booking booth bord bucket bug build building bureau bus byggnad bâtiment cage cais caisse caja camera campaign",
  "campus canvas cap capitolo capítulo carriage case cassa cat category ch chambre channel chapitre chapter charge chunk chute cl class clause coach code",
  "codes cohort colonne comboio comma commit container contract corsia courtroom crane creative crossing customer cw day decision depot desk deur dial",
  "directive district doc dock docket document door dossier draft drawing ed edificio edition elevator encomenda engraving epic episode epoch error etage",
  "exhibit exit expediente experiment ext extension factura facture factuur faktura fattura fatura fax fig figure fila filiale filing flat flight floor",
  "footnote form forno four gate gebouw gebäude gleis grade group habitación hall halle haus hearing hoofdstuk horno host house hub id ids index inv",
  "invoice issue issues item iteration jetty journal junction kamer kapitel kasse kessel kiln kit kw lane ledger lesson level licence license lid lift",
  "ligne lijn line linea lines linha linie linje listing locker lorry los lot lote lotto línea macchina machine maschine matter mesa milestone mill model",
  "month motion mr muelle máquina no node nos note nr num number numero nummer numéro nº núm número ofen option order ordine oven p pag page pages pagina",
  "painting para paragraph part pasillo paso passo pedido pen permit perron perrong phase phone piano pier piso pit placement planta plate platform platz",
  "plot pod point policy port porta porte pos position poste posting posto pp pr pratica press presse printer priority proposal prs prédio puerta pump",
  "punkt punt punto pág página quai quarter quarto quay question rack ramp rampe raum rayon receipt receipts rechnung recital ref reference reg regal",
  "regel regulation release remorque request rev revision riga ring room round route row rule rum run runway saal sala salle satz schedule schicht",
  "schritt screen season seat sec section seed seite semaine semana semester ser server session set settimana shaft shard shed shelf sida silo sku slide",
  "slot spalte spoor sprint spur spår stage stall stand standard stanza stap station status steg step steps stop story string stufe suite tab tabela",
  "tabella tabelle tabla table tableau tafel tank task tasks tavolo team tel term terminal ticket tier tisch tor track tracking trailer train training",
  "trein trem tren treno trimester truck type tåg tél unit van variant vecka vehicle verdieping version vlucht voie vol voo vorgang vuelo værelse vía",
  "wagen wagon ward warehouse wave week weeks werk wing woche yard year zaal zeile ziffer zimmer zone zug étage étape",
);

export const isDeterminer = (word: string): boolean => determiners.has(word);
export const isPreposition = (word: string): boolean => prepositions.has(word);
export const isSmallWord = (word: string): boolean => determiners.has(word) || prepositions.has(word) || adverbs.has(word);
export const isLabelWord = (word: string): boolean => labels.has(word);
export const isMeasureWord = (word: string): boolean => measures.has(word);
export const isAmountVerb = (word: string): boolean => verbs.has(word);

/** Behind these a word is a verb: "we hire 12", "to add 40". */
const subjects = setOf(
  "we i they you he she who which will would can could should must may might not did do does wir ich sie er nous ils elles je nosotros ellos noi loro nós eles wij zij",
);
export const isSubject = (word: string): boolean => subjects.has(word);

/** What a sentence goes on with behind a label: "line 3 is down", "gate 12 opens". */
const goesOn = setOf(
  "is are was were has have had will would can could may might must should does did isn wasn hasn won still now again also then never no remains stays sits stands went came got took fell broke ran threw held lost left met kept fired goes",
  "ist sind war waren wird wurde wurden hat haben hatte kann muss soll steht stehen läuft liegt bleibt fehlt ging kam lief stand fiel",
  "est sont était étaient a ont sera doit peut reste fut es son está están fue fueron era eran ha han será sigue queda tiene è sono era ha hanno sarà resta va",
  "é são está estão foi foram tem será fica is zijn was waren heeft wordt staat ligt blijft är var har blir står ligger er blev",
);
export const isPredicate = (word: string): boolean => goesOn.has(word) || /[a-z]{3,}(?:ed|s)$/.test(word);
