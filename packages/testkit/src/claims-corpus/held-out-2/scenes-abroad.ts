import { at, over, type Measure, type Scene } from "./scene.ts";
import type { Language } from "./times.ts";

const german = (currency: string): Measure[] => [
  over("umsatz", "Umsatz", currency, [41_000, 7_400_000, 2], "Filiale Nord|Onlineshop|Großhandel", [
    "Der Umsatz von {e} lag {p} bei {v}.",
    "{e} erzielte {p} einen Umsatz von {v}.",
  ]),
  over("bestellungen", "Bestellungen", "count", [1_300, 96_000, 0], "Filiale Nord|Onlineshop|Großhandel", [
    "{P} gingen {v} Bestellungen für {e} ein.",
    "{e} verzeichnete {p} {v} Bestellungen.",
  ]),
  over("retourenquote", "Retourenquote", "percent", [10.4, 29, 1], "Filiale Nord|Onlineshop|Großhandel", [
    "Die Retourenquote von {e} betrug {p} {v}.",
    "{P} kamen bei {e} {v} der Ware zurück.",
  ]),
  at("lagerbestand", "Lagerbestand", "count", [2_200, 48_000, 0], "Halle Ost|Halle West", [
    "In {e} liegen derzeit {v} Artikel.",
    "Aktueller Bestand in {e}: {v} Stück.",
  ]),
];

export const abroad: Record<Exclude<Language, "en">, Scene> = {
  de: {
    role: "vertriebsleitung",
    reads: "erp_abfrage",
    acts: "erp_buchung",
    tasks: ["Angebote nachfassen"],
    done: ["Die Aufgabe ist erledigt, alles ist gebucht.", "Erledigt."],
    measures: german("EUR"),
  },
  ch: {
    role: "finanzleitung",
    reads: "erp_abfrage",
    acts: "erp_buchung",
    tasks: ["Rechnungen freigeben"],
    done: ["Alles freigegeben, damit ist die Aufgabe erledigt."],
    measures: german("CHF"),
  },
  fr: {
    role: "direction-marketing",
    reads: "tableau_de_bord",
    acts: "campagne_lancer",
    tasks: ["Relancer les clients inactifs"],
    done: ["La campagne est lancée, la tâche est terminée.", "Terminé."],
    measures: [
      over("depenses", "Dépenses", "EUR", [9_000, 870_000, 2], "la recherche payante|les réseaux sociaux", [
        "{P}, nous avons dépensé {v} pour {e}.",
        "Dépenses pour {e} : {v} {p}.",
      ]),
      over("visites", "Visites", "count", [12_000, 940_000, 0], "le site vitrine|la boutique", [
        "{P}, {e} a reçu {v} visites.",
        "On compte {v} visites pour {e} {p}.",
      ]),
      over("taux_ouverture", "Taux d'ouverture", "percent", [14, 48, 1], "la lettre mensuelle|la relance de bienvenue", [
        "Le taux d'ouverture de {e} était de {v} {p}.",
        "{P}, {v} des destinataires ont ouvert {e}.",
      ]),
    ],
  },
  es: {
    role: "operaciones",
    reads: "panel_consulta",
    acts: "pedido_confirmar",
    tasks: ["Confirmar los pedidos atrasados"],
    done: ["Los pedidos están confirmados; tarea terminada.", "Hecho, todo confirmado."],
    measures: [
      over("ventas", "Ventas", "EUR", [22_000, 4_100_000, 2], "la tienda de Sevilla|el canal digital", [
        "{P}, {e} vendió {v}.",
        "Las ventas de {e} sumaron {v} {p}.",
      ]),
      over("envios", "Envíos", "count", [1_700, 83_000, 0], "el almacén central|el almacén sur", [
        "Desde {e} salieron {v} envíos {p}.",
        "{P} preparamos {v} envíos en {e}.",
      ]),
      over("tiempo_entrega", "Tiempo de entrega", "h", [17, 88, 1], "el almacén central|el almacén sur", [
        "Una entrega desde {e} tardó {v} {p}.",
        "{P}, el plazo medio desde {e} fue de {v}.",
      ]),
    ],
  },
  nl: {
    role: "inkoop",
    reads: "inkoop_overzicht",
    acts: "bestelling_plaatsen",
    tasks: ["Bestel het verpakkingsmateriaal"],
    done: ["De bestelling is geplaatst, de taak is klaar.", "Klaar."],
    measures: [
      over("inkoopkosten", "Inkoopkosten", "EUR", [14_000, 920_000, 2], "karton|hout", [
        "{P} kostte {e} ons {v}.",
        "Voor {e} betaalden we {p} {v}.",
      ]),
      over("leveringen", "Leveringen", "count", [1_100, 38_000, 0], "de vaste leverancier|de reserveleverancier", [
        "{P} kregen we {v} dozen van {e}.",
        "{e} leverde {p} {v} dozen.",
      ]),
      over("afkeur", "Afkeur", "percent", [10.3, 22, 1], "karton|hout", ["Van {e} werd {p} {v} afgekeurd."]),
    ],
  },
};
